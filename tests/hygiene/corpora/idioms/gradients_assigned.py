"""Gradients from `torch.autograd.grad` are assigned to `.grad` for the optimizer's step."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 2)
    y = x[:, :1]
    model = nn.Linear(2, 1)
    params = list(model.parameters())
    optimizer = torch.optim.SGD(params, lr=0.1, momentum=0.5)
    losses = []
    for _ in range(8):
        loss = nn.functional.mse_loss(model(x), y)
        for p, gradient in zip(params, torch.autograd.grad(loss, params), strict=True):
            p.grad = gradient
        optimizer.step()
        losses.append(loss.item())
    return losses
