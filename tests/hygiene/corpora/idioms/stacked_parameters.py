"""All the parameters are stacked in one vector and unpacked in the model."""

import torch


def run():
    x = torch.linspace(-1, 1, 20)
    y = 2 * x**2 - x + 0.5
    theta = torch.zeros(3, requires_grad=True)
    losses = []
    for _ in range(10):
        a, b, c = theta
        loss = (a * x**2 + b * x + c - y).square().mean()
        loss.backward()
        with torch.no_grad():
            theta -= 0.3 * theta.grad
            theta.grad.zero_()
        losses.append(loss.item())
    return losses
