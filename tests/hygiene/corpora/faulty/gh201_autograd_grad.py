# expect: GH201
# Fault: the gradients come from torch.autograd.grad, but the in-place update is still recorded.
import torch


def himmelblau(p):
    x, y = p
    return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2


def run():
    point = torch.tensor([1.0, 1.0], requires_grad=True)
    for _ in range(6):
        (gradient,) = torch.autograd.grad(himmelblau(point), [point])
        point -= 0.01 * gradient  # <- fault
    return point
