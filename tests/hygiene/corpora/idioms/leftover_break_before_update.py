"""The loop stops when the gradient is small, after backward and before the update."""

import torch


def run():
    point = torch.tensor([2.0, -1.5], requires_grad=True)
    values = []
    for _ in range(200):
        value = (point**2 * torch.tensor([1.0, 3.0])).sum()
        value.backward()
        values.append(value.item())
        if point.grad.norm() < 1e-2:
            break
        with torch.no_grad():
            point -= 0.1 * point.grad
        point.grad = None
    return values
