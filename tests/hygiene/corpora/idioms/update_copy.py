"""The new value is computed first and then copied into the parameter by `copy_`."""

import torch


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 2)
    y = x @ torch.tensor([0.5, 1.5])
    w = torch.zeros(2, requires_grad=True)
    losses = []
    for _ in range(8):
        loss = (x @ w - y).square().mean()
        loss.backward()
        with torch.no_grad():
            new = w - 0.2 * w.grad
            w.copy_(new)
        w.grad = None
        losses.append(loss.item())
    return losses
