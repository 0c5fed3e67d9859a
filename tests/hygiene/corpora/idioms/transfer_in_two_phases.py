"""Transfer in two phases: the head alone, then everything with a smaller rate and a new optimizer."""

import torch
from torch import nn


def epoch(model, optimizer, x, y):
    total, correct = 0.0, 0
    for bx, by in zip(x.split(8), y.split(8)):
        logits = model(bx)
        loss = nn.functional.cross_entropy(logits, by)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(bx)
        correct += (logits.argmax(dim=1) == by).sum().item()
    return total / len(x), correct / len(x)


def run():
    torch.manual_seed(3)
    x = torch.randn(40, 6)
    y = (x[:, 0] * x[:, 1] > 0).long()
    backbone = nn.Sequential(nn.Linear(6, 32), nn.ReLU())
    head = nn.Linear(32, 2)
    model = nn.Sequential(backbone, head)
    for p in backbone.parameters():
        p.requires_grad_(False)
    optimizer = torch.optim.Adam(head.parameters(), lr=1e-2)
    losses = [epoch(model, optimizer, x, y)[0] for _ in range(4)]
    for p in backbone.parameters():
        p.requires_grad_(True)
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    losses += [epoch(model, optimizer, x, y)[0] for _ in range(4)]
    return losses
