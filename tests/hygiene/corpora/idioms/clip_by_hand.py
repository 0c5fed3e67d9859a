"""Hand-written clipping rescales the gradient in place."""

import torch


def run():
    point = torch.tensor([-1.5, 2.0], requires_grad=True)
    values = []
    for _ in range(10):
        x, y = point
        value = (1 - x) ** 2 + 100 * (y - x**2) ** 2
        value.backward()
        with torch.no_grad():
            norm = point.grad.norm()
            if norm > 1:
                point.grad.mul_(1 / norm)
            point -= 0.01 * point.grad
            point.grad.zero_()
        values.append(value.item())
    return values
