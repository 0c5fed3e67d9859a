"""The update is a function decorated with `@torch.no_grad()`."""

import torch


@torch.no_grad()
def sgd(params, rate, size):
    for p in params:
        p -= rate * p.grad / size
        p.grad.zero_()


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 2)
    y = x @ torch.tensor([2.0, -3.4]) + 4.2
    w = torch.zeros(2, requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    losses = []
    for _ in range(8):
        loss = ((x @ w + b - y) ** 2 / 2).sum()
        loss.backward()
        sgd([w, b], 0.3, len(x))
        losses.append(loss.item())
    return losses
