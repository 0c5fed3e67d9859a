"""The pattern of older optimizers: `grad.detach_()` and then `grad.zero_()`."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 2)
    y = x.sum(dim=1, keepdim=True)
    model = nn.Linear(2, 1)
    losses = []
    for _ in range(8):
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p.add_(p.grad, alpha=-0.1)
                p.grad.detach_()
                p.grad.zero_()
        losses.append(loss.item())
    return losses
