"""Adversarial training: the attack is made in eval mode and its gradients are cleared, the step is made in train mode."""

import torch
import torch.nn.functional as F
from torch import nn


def attack(model, x, y, size=0.1):
    model.eval()
    delta = torch.zeros_like(x, requires_grad=True)
    F.cross_entropy(model(x + delta), y).backward()
    delta = size * delta.grad.sign()
    model.zero_grad()
    model.train()
    return x + delta


def run():
    torch.manual_seed(0)
    x = torch.randn(40, 4)
    y = (x[:, 0] > 0).long()
    model = nn.Sequential(nn.Linear(4, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Dropout(0.1), nn.Linear(16, 2))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    losses = []
    for _ in range(12):
        harder = attack(model, x, y)
        optimizer.zero_grad()
        loss = F.cross_entropy(model(harder), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
