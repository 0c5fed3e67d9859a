"""Langevin noise is added to the parameter after the gradient step."""

import torch


def run():
    torch.manual_seed(0)
    point = torch.tensor([3.0, -2.0], requires_grad=True)
    values = []
    for _ in range(10):
        value = point.square().sum()
        value.backward()
        with torch.no_grad():
            point -= 0.1 * point.grad
            point += 0.01 * torch.randn(2)
            point.grad = None
        values.append(value.item())
    return values
