"""Adversarial training: the inputs move up the loss, the weights move down."""

import torch
from torch import nn


def perturb(model, x, y, size):
    x = x.clone().requires_grad_()
    loss = nn.functional.cross_entropy(model(x), y)
    (gradient,) = torch.autograd.grad(loss, x)
    return (x + size * gradient.sign()).detach()


def run():
    torch.manual_seed(0)
    x = torch.randn(30, 2) * 2
    y = (x[:, 0] > 0).long()
    model = nn.Linear(2, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.3)
    losses = []
    for _ in range(8):
        attacked = perturb(model, x, y, 0.1)
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(attacked), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
