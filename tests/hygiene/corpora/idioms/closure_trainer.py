"""The training step is a closure that a factory returns."""

import torch
from torch import nn


def make_step(net, rate):
    def step(x, y):
        net.zero_grad()
        error = (net(x) - y).abs().mean()
        error.backward()
        with torch.no_grad():
            for weight in net.parameters():
                weight.add_(weight.grad, alpha=-rate)
        return error.item()

    return step


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 2)
    y = x.sum(1, keepdim=True)
    step = make_step(nn.Linear(2, 1), 0.1)
    return [step(x, y) for _ in range(12)]
