"""Mini-batches come from a generator that shuffles with its own random generator."""

import torch


def batches(x, y, size, g):
    while True:
        order = torch.randperm(len(x), generator=g)
        for chunk in order.split(size):
            yield x[chunk], y[chunk]


def run():
    torch.manual_seed(0)
    x = torch.randn(40, 2)
    y = x @ torch.tensor([1.0, -2.0])
    w = torch.zeros(2, requires_grad=True)
    stream = batches(x, y, 10, torch.Generator().manual_seed(3))
    out = []
    for _ in range(6):
        total = 0.0
        for _ in range(4):
            xb, yb = next(stream)
            loss = (xb @ w - yb).pow(2).mean()
            w.grad = None
            loss.backward()
            with torch.no_grad():
                w -= 0.1 * w.grad
            total += loss.item()
        out.append(total / 4)
    return out
