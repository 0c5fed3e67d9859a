"""Hypergradients: the step size of an unrolled inner loop is learned by the outer loss."""

import torch


def run():
    torch.manual_seed(0)
    log_rate = torch.tensor(-3.0, requires_grad=True)
    outer = torch.optim.Adam([log_rate], lr=0.2)
    x = torch.randn(30, 3)
    y = x @ torch.tensor([1.0, -2.0, 0.5])
    losses = []
    for _ in range(10):
        w = torch.zeros(3, requires_grad=True)
        for _ in range(6):
            train = (x[:20] @ w - y[:20]).square().mean()
            (g,) = torch.autograd.grad(train, w, create_graph=True)
            w = w - log_rate.exp() * g
        valid = (x[20:] @ w - y[20:]).square().mean()
        outer.zero_grad()
        valid.backward()
        outer.step()
        losses.append(valid.item())
    return losses
