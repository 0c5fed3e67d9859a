"""Intended accumulation: four scaled losses, one step, one clear."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(32, 3)
    y = x.sum(dim=1, keepdim=True)
    model = nn.Linear(3, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    losses = []
    for _epoch in range(7):
        optimizer.zero_grad()
        total = 0.0
        for xb, yb in zip(x.split(8), y.split(8), strict=True):
            loss = nn.functional.mse_loss(model(xb), yb) / 4
            loss.backward()
            total += loss.item()
        optimizer.step()
        losses.append(total)
    return losses
