"""The gradient is replaced by `torch.zeros_like` after the update."""

import torch


def run():
    torch.manual_seed(0)
    x = torch.rand(20, 2)
    y = x.sum(dim=1)
    w = torch.zeros(2, requires_grad=True)
    losses = []
    for _ in range(8):
        loss = torch.mean((x @ w - y) ** 2)
        loss.backward()
        with torch.no_grad():
            w.sub_(w.grad, alpha=0.3)
        w.grad = torch.zeros_like(w)
        losses.append(loss.item())
    return losses
