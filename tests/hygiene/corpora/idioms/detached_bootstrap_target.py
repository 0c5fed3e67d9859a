"""Temporal differences: the bootstrapped target is a stop-gradient by detach."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    states = torch.eye(5)
    rewards = torch.tensor([0.0, 0.0, 0.0, 1.0])
    value = nn.Linear(5, 1, bias=False)
    nn.init.zeros_(value.weight)
    optimizer = torch.optim.SGD(value.parameters(), lr=0.5)
    losses = []
    for _ in range(12):
        predicted = value(states[:4]).squeeze(1)
        target = rewards + 0.5 * value(states[1:]).squeeze(1).detach()
        loss = (predicted - target).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
