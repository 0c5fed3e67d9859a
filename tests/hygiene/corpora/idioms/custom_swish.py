"""A custom autograd.Function with a hand-written backward that is right."""

import torch
from torch import nn


class Swish(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * torch.sigmoid(x)

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        s = torch.sigmoid(x)
        return grad * (s + x * s * (1 - s))


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 3)
    y = x.square().sum(1, keepdim=True)
    first, second = nn.Linear(3, 8), nn.Linear(8, 1)
    params = [*first.parameters(), *second.parameters()]
    out = []
    for _ in range(12):
        loss = (second(Swish.apply(first(x))) - y).square().mean()
        grads = torch.autograd.grad(loss, params)
        with torch.no_grad():
            for p, g in zip(params, grads):
                p -= 0.03 * g
        out.append(loss.item())
    return out
