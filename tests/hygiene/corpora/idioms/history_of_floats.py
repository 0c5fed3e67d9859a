"""`float(loss.detach())` and `loss.tolist()` make a history of plain numbers."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 3)
    y = x[:, 2:]
    model = nn.Linear(3, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    losses, same, running = [], [], 0.0
    for _ in range(8):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
        same.append(loss.tolist())
        running = 0.9 * running + 0.1 * float(loss)
    assert same == losses and running > 0
    return losses
