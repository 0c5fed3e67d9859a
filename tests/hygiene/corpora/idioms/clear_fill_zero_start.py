"""`grad.fill_(0)` at the start of the loop, once there is a gradient."""

import torch


def run():
    torch.manual_seed(0)
    x = torch.linspace(-1, 1, 16)
    y = x**2
    params = [torch.full((), 0.5, requires_grad=True) for _ in range(3)]
    losses = []
    for _ in range(8):
        for p in params:
            if p.grad is not None:
                p.grad.fill_(0)
        a, b, c = params
        loss = (a * x**2 + b * x + c - y).square().mean()
        loss.backward()
        with torch.no_grad():
            for p in params:
                p -= 0.2 * p.grad
        losses.append(loss.item())
    return losses
