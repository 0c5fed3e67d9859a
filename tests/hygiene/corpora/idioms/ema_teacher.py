"""A mean teacher: the teacher's weights are an average of the student's and give targets."""

import copy

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(32, 3)
    y = x.sum(1, keepdim=True)
    student = nn.Linear(3, 1)
    teacher = copy.deepcopy(student).requires_grad_(False)
    opt = torch.optim.SGD(student.parameters(), lr=0.05)
    seen = []
    for _ in range(10):
        guess = student(x)
        with torch.no_grad():
            target = teacher(x + 0.01 * torch.randn_like(x))
        loss = nn.functional.mse_loss(guess, y) + 0.1 * nn.functional.mse_loss(guess, target)
        opt.zero_grad(set_to_none=True)
        loss.backward()
        opt.step()
        with torch.no_grad():
            for slow, fast in zip(teacher.parameters(), student.parameters()):
                slow.mul_(0.9).add_(fast, alpha=0.1)
        seen.append(loss.item())
    return seen
