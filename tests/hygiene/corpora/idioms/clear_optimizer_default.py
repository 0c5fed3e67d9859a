"""The textbook order: zero_grad, forward, backward, step."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(32, 3)
    y = x.sum(dim=1, keepdim=True)
    model = nn.Linear(3, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    criterion = nn.MSELoss()
    losses = []
    for _ in range(8):
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
