# expect: GH105
# Fault: optimizer.step() is called twice for one backward pass.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(32, 2)
    y = x[:, :1] * 2
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    for _ in range(8):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
        optimizer.step()  # <- fault
