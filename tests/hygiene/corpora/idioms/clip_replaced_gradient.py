"""The clipped gradient replaces `.grad` before the optimizer's step."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 2)
    y = 3 * x[:, :1]
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.2)
    losses = []
    for _ in range(8):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        for p in model.parameters():
            p.grad = p.grad.clamp(-0.5, 0.5)
        optimizer.step()
        losses.append(loss.item())
    return losses
