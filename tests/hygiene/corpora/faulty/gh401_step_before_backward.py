# expect: GH401
# Fault: the optimizer makes its step before backward() is called.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 3)
    y = (x[:, 0] > 0).long()
    model = nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Linear(8, 2))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(6):
        loss = nn.functional.cross_entropy(model(x), y)
        optimizer.step()  # <- fault
        optimizer.zero_grad()
        loss.backward()
