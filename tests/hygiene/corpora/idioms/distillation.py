"""A student network learns from the soft targets of a teacher under no_grad."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(24, 3)
    teacher = nn.Sequential(nn.Linear(3, 16), nn.ReLU(), nn.Linear(16, 2)).eval()
    student = nn.Linear(3, 2)
    optimizer = torch.optim.SGD(student.parameters(), lr=0.5)
    losses = []
    for _ in range(8):
        with torch.no_grad():
            soft = torch.softmax(teacher(x), dim=1)
        logs = torch.log_softmax(student(x), dim=1)
        loss = nn.functional.kl_div(logs, soft, reduction="batchmean")
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
