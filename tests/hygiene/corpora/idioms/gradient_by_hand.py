"""Gradients written out by hand: autograd is not used at all."""

import torch


def run():
    torch.manual_seed(0)
    x = torch.randn(30)
    y = 2 * x - 1
    w, b = torch.zeros(()), torch.zeros(())
    losses = []
    for _ in range(8):
        error = w * x + b - y
        losses.append(error.square().mean().item())
        w -= 0.2 * (2 * error * x).mean()
        b -= 0.2 * (2 * error).mean()
    return losses
