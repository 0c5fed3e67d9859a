"""Nesterov's method in its usual rewritten form: the parameter is written once, the gradient read twice."""

import torch


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 2)
    y = x.sum(dim=1)
    w = torch.zeros(2, requires_grad=True)
    velocity = torch.zeros_like(w)
    losses = []
    for _ in range(8):
        w.grad = None
        loss = (x @ w - y).square().mean()
        loss.backward()
        with torch.no_grad():
            velocity.mul_(0.5).add_(w.grad)
            w -= 0.05 * (w.grad + 0.5 * velocity)
        losses.append(loss.item())
    return losses
