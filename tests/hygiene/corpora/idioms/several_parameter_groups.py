"""Two parameter groups with their own learning rates and weight decay."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(24, 3)
    y = (x[:, 0] > x[:, 1]).long()
    body, head = nn.Linear(3, 8), nn.Linear(8, 2)
    groups = [
        {"params": body.parameters(), "lr": 0.05, "weight_decay": 1e-3},
        {"params": head.parameters()},
    ]
    optimizer = torch.optim.SGD(groups, lr=0.2, momentum=0.5)
    losses = []
    for _ in range(8):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(head(torch.tanh(body(x))), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
