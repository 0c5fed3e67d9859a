"""`torch.func.grad_and_value` over a tuple of plain tensors."""

import torch


def objective(params, x, y):
    w, b = params
    return (x @ w + b - y).square().mean()


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 3)
    y = x.sum(dim=1)
    params = (torch.zeros(3), torch.zeros(()))
    step = torch.func.grad_and_value(objective)
    losses = []
    for _ in range(8):
        gradients, loss = step(params, x, y)
        params = tuple(p - 0.1 * g for p, g in zip(params, gradients, strict=True))
        losses.append(loss.item())
    return losses
