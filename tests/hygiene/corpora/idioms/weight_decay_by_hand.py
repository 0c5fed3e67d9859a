"""Decoupled weight decay: two writes to the parameter, one gradient."""

import torch


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 2)
    y = x.sum(dim=1)
    w = torch.zeros(2, requires_grad=True)
    losses = []
    for _ in range(8):
        loss = (x @ w - y).square().mean()
        loss.backward()
        with torch.no_grad():
            w.mul_(1 - 0.001)
            w -= 0.1 * w.grad
            w.grad.zero_()
        losses.append(loss.item())
    return losses
