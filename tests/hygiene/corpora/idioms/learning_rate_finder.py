"""A learning-rate range test on the model, which is put back to its start before training."""

import copy

import torch
from torch import nn


def range_test(model, x, y):
    start = copy.deepcopy(model.state_dict())
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-4)
    rate, history = 1e-4, []
    while rate < 1.0:
        for group in optimizer.param_groups:
            group["lr"] = rate
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
        history.append((rate, loss.item()))
        rate *= 1.8
    model.load_state_dict(start)
    drops = [(b[1] - a[1], a[0]) for a, b in zip(history, history[1:])]
    return min(drops)[1]


def run():
    torch.manual_seed(0)
    x = torch.randn(32, 3)
    y = x[:, :1] * 3 - 1
    model = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=range_test(model, x, y))
    losses = []
    for _ in range(8):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
