"""`torch.autograd.grad` fills no `.grad`, so there is nothing to clear."""

import torch


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 2)
    y = x.sum(dim=1)
    w = torch.zeros(2, requires_grad=True)
    b = torch.ones((), requires_grad=True)
    losses = []
    for _ in range(8):
        loss = (x @ w + b - y).square().mean()
        w_grad, b_grad = torch.autograd.grad(loss, (w, b))
        with torch.no_grad():
            w -= 0.2 * w_grad
            b -= 0.2 * b_grad
        losses.append(loss.item())
    return losses
