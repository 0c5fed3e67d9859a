# expect: GH502
# Fault: after the first evaluation the model stays in eval mode and trains without dropout.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(30, 3)
    y = x.sum(dim=1, keepdim=True)
    model = nn.Sequential(nn.Linear(3, 16), nn.Tanh(), nn.Dropout(0.3), nn.Linear(16, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    model.train()
    for _epoch in range(8):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)  # <- fault
        loss.backward()
        optimizer.step()
        model.eval()  # <- fault
        with torch.no_grad():
            print(nn.functional.mse_loss(model(x), y).item())
