"""`torch.func.hessian` gives the step of Newton's method in two variables."""

import torch
from torch.func import grad, hessian


def himmelblau(p):
    return (p[0] ** 2 + p[1] - 11) ** 2 + (p[0] + p[1] ** 2 - 7) ** 2


def run():
    point = torch.tensor([4.0, 3.0])
    values = []
    for _ in range(6):
        values.append(himmelblau(point).item())
        point = point - torch.linalg.solve(hessian(himmelblau)(point), grad(himmelblau)(point))
    return values
