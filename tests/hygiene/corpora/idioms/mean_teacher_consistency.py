"""Mean teacher: a consistency loss against an averaged copy, both in training mode as in the paper."""

import copy

import torch
from torch import nn


def run():
    torch.manual_seed(1)
    student = nn.Sequential(nn.Linear(4, 24), nn.ReLU(), nn.Dropout(0.2), nn.Linear(24, 2))
    teacher = copy.deepcopy(student)
    for p in teacher.parameters():
        p.detach_()
    optimizer = torch.optim.SGD(student.parameters(), lr=0.1)
    x, y = torch.randn(64, 4), torch.zeros(64, dtype=torch.long)
    y[x[:, 0] > 0] = 1
    losses = []
    for step in range(12):
        logits = student(x)
        supervised = nn.functional.cross_entropy(logits[:32], y[:32])
        goal = teacher(x + 0.05 * torch.randn_like(x))
        consistency = (logits.softmax(1) - goal.softmax(1)).square().mean()
        loss = supervised + min(1.0, step / 6) * consistency
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            for slow, fast in zip(teacher.parameters(), student.parameters()):
                slow.mul_(0.95).add_(fast, alpha=0.05)
        losses.append(supervised.item())
    return losses
