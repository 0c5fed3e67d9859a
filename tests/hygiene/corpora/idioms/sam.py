"""Sharpness-aware minimisation: a step up, a second backward pass, back, then a step down."""

import torch


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 3)
    y = x.sum(1)
    w = torch.zeros(3, requires_grad=True)
    out = []
    for _ in range(10):
        loss = (x @ w - y).square().mean()
        (g,) = torch.autograd.grad(loss, w)
        with torch.no_grad():
            e = 0.01 * g / g.norm()
            w += e
        (g,) = torch.autograd.grad((x @ w - y).square().mean(), w)
        with torch.no_grad():
            w -= e
            w -= 0.1 * g
        out.append(loss.item())
    return out
