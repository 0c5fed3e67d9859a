"""Student and teacher are cleared by one guarded loop; the teacher looks on without recording, and is averaged."""
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(24, 3)
    student = nn.Linear(3, 2)
    teacher = nn.Linear(3, 2).requires_grad_(False)
    losses = []
    for _ in range(12):
        for parameter in [*student.parameters(), *teacher.parameters()]:
            if parameter.grad is not None:
                parameter.grad.zero_()
        with torch.no_grad():
            goal = teacher(x).softmax(dim=1)
        loss = nn.functional.cross_entropy(student(x + 0.1), goal)
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            for parameter, average in zip(student.parameters(), teacher.parameters()):
                parameter -= 0.5 * parameter.grad
                average.lerp_(parameter, 0.01)
    return losses
