"""Backtracking line search: trial points are evaluated under no_grad, the step is taken once."""

import torch


def rosenbrock(p):
    return (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2


def run():
    point = torch.tensor([-1.0, 1.5], requires_grad=True)
    values = []
    for _ in range(8):
        point.grad = None
        value = rosenbrock(point)
        value.backward()
        with torch.no_grad():
            rate = 0.1
            while rosenbrock(point - rate * point.grad) > value - 0.1 * rate * point.grad.square().sum():
                rate /= 2
            point -= rate * point.grad
        values.append(value.item())
    return values
