"""An early stop leaves the loop between the update and the clear."""

import torch


def run():
    torch.manual_seed(0)
    x = torch.linspace(-1, 1, 20)
    y = 2 * x - 1
    w = torch.zeros((), requires_grad=True)
    b = torch.zeros((), requires_grad=True)
    losses = []
    for _ in range(100):
        loss = (w * x + b - y).square().mean()
        loss.backward()
        losses.append(loss.item())
        with torch.no_grad():
            w -= 0.5 * w.grad
            b -= 0.5 * b.grad
        if loss.item() < 1e-2:
            break
        w.grad = b.grad = None
    return losses
