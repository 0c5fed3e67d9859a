"""The model is tested before it is frozen, then a new head is trained, with all parameters in the optimizer."""

import torch
from torch import nn


def accuracy(model, x, y):
    model.eval()
    right = 0
    with torch.no_grad():
        for bx, by in zip(x.split(6), y.split(6)):
            right += (model(bx).argmax(1) == by).sum().item()
    model.train()
    return right / len(x)


def run():
    torch.manual_seed(0)
    x = torch.randn(24, 5)
    y = (x[:, 0] > 0).long()
    model = nn.Sequential(nn.Linear(5, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 2))
    scores = [accuracy(model, x, y)]
    for name, parameter in model.named_parameters():
        if not name.startswith("3"):
            parameter.requires_grad = False
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    losses = []
    for _ in range(8):
        loss = nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        scores.append(accuracy(model, x, y))
        losses.append(loss.item())
    return losses
