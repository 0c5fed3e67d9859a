"""The gradients of two tasks are computed one after the other, kept, and their mean is assigned."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 3)
    net = nn.Linear(3, 2)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.05)
    losses = []
    for _ in range(8):
        kept, total = [], 0.0
        for task in range(2):
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(net(x)[:, task], x[:, task])
            loss.backward()
            kept.append([p.grad.clone() for p in net.parameters()])
            total += loss.item()
        for p, first, second in zip(net.parameters(), *kept):
            p.grad = (first + second) / 2
        optimizer.step()
        losses.append(total)
    return losses
