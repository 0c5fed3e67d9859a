"""Newton's method in one variable with a second derivative by `create_graph=True`."""

import torch


def run():
    x = torch.tensor(3.0, requires_grad=True)
    values = []
    for _ in range(6):
        value = x**4 - 3 * x**2 + x
        (slope,) = torch.autograd.grad(value, x, create_graph=True)
        (curvature,) = torch.autograd.grad(slope, x)
        with torch.no_grad():
            x -= slope / curvature
        values.append(value.item())
    return values
