# expect: GH104
# Fault: four mean losses are accumulated but none is divided by four.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(64, 4)
    y = x.sum(dim=1, keepdim=True)
    model = nn.Linear(4, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    for _epoch in range(6):
        optimizer.zero_grad()
        for xb, yb in zip(x.split(16), y.split(16), strict=True):  # <- fault
            loss = nn.functional.mse_loss(model(xb), yb)  # <- fault
            loss.backward()  # <- fault
        optimizer.step()  # <- fault
