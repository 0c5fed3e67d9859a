"""`optimizer.zero_grad(set_to_none=False)` keeps the gradient tensors and fills them with zeros."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(24, 4)
    y = (x[:, 0] > 0).long()
    net = nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 2))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.3)
    losses = []
    for _ in range(8):
        optimizer.zero_grad(set_to_none=False)
        loss = nn.functional.cross_entropy(net(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
