"""The weight of a second loss is the ratio of two gradient norms: a number on purpose."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    decoder, judge = nn.Linear(3, 3), nn.Linear(3, 1)
    optimizer = torch.optim.SGD([*decoder.parameters(), *judge.parameters()], lr=0.05)
    x = torch.randn(20, 3)
    losses = []
    for _ in range(10):
        y = decoder(x)
        first, second = (y - x).square().mean(), 0.1 * judge(y).square().mean()
        (one,) = torch.autograd.grad(first, decoder.weight, retain_graph=True)
        (two,) = torch.autograd.grad(second, decoder.weight, retain_graph=True)
        weight = (one.norm() / (two.norm() + 1e-4)).clamp(0, 10).detach()
        loss = first + weight * second
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(first.item())
    return losses
