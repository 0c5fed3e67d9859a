"""Projected gradient descent: the parameter is clamped after each step."""

import torch


def run():
    torch.manual_seed(0)
    x = torch.rand(20, 3)
    y = x @ torch.tensor([0.2, 0.5, 0.0])
    w = torch.full((3,), 0.9, requires_grad=True)
    losses = []
    for _ in range(8):
        loss = (x @ w - y).square().mean()
        loss.backward()
        with torch.no_grad():
            w -= 0.3 * w.grad
            w.clamp_(min=0.0, max=1.0)
        w.grad = None
        losses.append(loss.item())
    return losses
