"""The gradients themselves are divided by the number of micro-batches before the step."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(30, 2)
    y = x[:, 1:]
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    losses = []
    for _ in range(8):
        optimizer.zero_grad()
        total = 0.0
        for xb, yb in zip(x.split(10), y.split(10), strict=True):
            loss = nn.functional.mse_loss(model(xb), yb)
            loss.backward()
            total += loss.item()
        for p in model.parameters():
            p.grad.div_(3)
        optimizer.step()
        losses.append(total / 3)
    return losses
