"""`torch.func.grad` of a function of one scalar."""

import torch


def cubic(x):
    return x**3 - 3 * x


def run():
    x = torch.tensor(2.0)
    slope = torch.func.grad(cubic)
    values = []
    for _ in range(10):
        values.append(cubic(x).item())
        x = x - 0.05 * slope(x)
    return values
