"""Backtracking: the loss is compared with a bound that is made of its own gradient."""

import torch


def run():
    w = torch.tensor([2.0, 3.0], requires_grad=True)
    losses = []
    for _ in range(8):
        loss = (w**4).sum()
        (slope,) = torch.autograd.grad(loss, w)
        rate = 1.0
        with torch.no_grad():
            while ((w - rate * slope) ** 4).sum() > loss - 0.3 * rate * slope.square().sum():
                rate /= 2
            w -= rate * slope
        losses.append(loss.item())
    return losses
