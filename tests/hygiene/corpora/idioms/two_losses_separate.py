"""A data term and a penalty are differentiated one after the other; their gradients add up as intended."""

import torch


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 3)
    y = x[:, 0]
    w = torch.full((3,), 0.5, requires_grad=True)
    losses = []
    for _ in range(8):
        w.grad = None
        data_term = (x @ w - y).square().mean()
        data_term.backward()
        penalty = 0.01 * w.abs().sum()
        penalty.backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
        losses.append(data_term.item() + penalty.item())
    return losses
