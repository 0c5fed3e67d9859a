"""A proximal step solved by an inner loop of its own variable."""

import torch


def run():
    w = torch.tensor([3.0, -4.0])
    out = []
    for _ in range(7):
        z = w.clone().requires_grad_()
        for _ in range(5):
            inner = (z - 1).abs().sum() + (z - w).square().sum()
            (g,) = torch.autograd.grad(inner, z)
            z = (z - 0.2 * g).detach().requires_grad_()
        w = z.detach()
        out.append(float((w - 1).abs().sum()))
    return out
