"""An exponential moving average of the weights, evaluated under no_grad."""

import copy

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 3)
    y = x.sum(dim=1, keepdim=True)
    model = nn.Linear(3, 1)
    average = copy.deepcopy(model).requires_grad_(False)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    losses = []
    for _ in range(10):
        optimizer.zero_grad()
        nn.functional.mse_loss(model(x), y).backward()
        optimizer.step()
        with torch.no_grad():
            for smooth, p in zip(average.parameters(), model.parameters(), strict=True):
                smooth.mul_(0.5).add_(p, alpha=0.5)
            losses.append(nn.functional.mse_loss(average(x), y).item())
    return losses
