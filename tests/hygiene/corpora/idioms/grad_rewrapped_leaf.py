"""A functional update: the new point is detached and made a leaf again."""

import torch


def himmelblau(p):
    x, y = p
    return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2


def run():
    point = torch.tensor([0.5, 0.5], requires_grad=True)
    values = []
    for _ in range(10):
        value = himmelblau(point)
        (gradient,) = torch.autograd.grad(value, point)
        point = (point - 0.01 * gradient).detach().requires_grad_()
        values.append(value.item())
    return values
