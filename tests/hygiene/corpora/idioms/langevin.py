"""Stochastic gradient Langevin dynamics: noise is added to every update."""

import torch


def run():
    torch.manual_seed(0)
    w = torch.full((3,), 5.0, requires_grad=True)
    out = []
    for _ in range(15):
        energy = 0.5 * w.square().sum()
        energy.backward()
        with torch.no_grad():
            w.add_(w.grad, alpha=-0.2).add_(0.01 * torch.randn(3))
        w.grad = None
        out.append(energy.item())
    return out
