# expect: GH502
# Fault: the validation goes through the line that trains, without a graph, and dropout is on in it.
import torch
from torch import nn


def loss_of(net, x, y):
    return nn.functional.cross_entropy(net(x), y)  # <- fault


def run():
    torch.manual_seed(0)
    x = torch.randn(50, 4)
    y = (x[:, 0] > 0).long()
    net = nn.Sequential(nn.Linear(4, 12), nn.Dropout(0.3), nn.ReLU(), nn.Linear(12, 2))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for _ in range(6):
        optimizer.zero_grad()
        loss_of(net, x[:40], y[:40]).backward()
        optimizer.step()
        with torch.no_grad():
            print(loss_of(net, x[40:], y[40:]).item())
