"""Grad mode is switched off by a statement and switched on again afterwards."""

import torch


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 2)
    y = x[:, 0]
    w = torch.full((2,), 0.5, requires_grad=True)
    losses = []
    for _ in range(8):
        loss = (x @ w - y).square().mean()
        loss.backward()
        torch.set_grad_enabled(False)
        w -= 0.2 * w.grad
        w.grad.zero_()
        torch.set_grad_enabled(True)
        losses.append(loss.item())
    return losses
