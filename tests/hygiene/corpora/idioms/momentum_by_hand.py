"""Heavy-ball momentum written by hand."""

import torch


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 3)
    y = x @ torch.tensor([1.0, 2.0, -1.0])
    w = torch.zeros(3, requires_grad=True)
    velocity = torch.zeros(3)
    losses = []
    for _ in range(10):
        loss = (x @ w - y).square().mean()
        loss.backward()
        with torch.no_grad():
            velocity = 0.5 * velocity + w.grad
            w -= 0.05 * velocity
        w.grad = None
        losses.append(loss.item())
    return losses
