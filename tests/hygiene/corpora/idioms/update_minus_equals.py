"""The update by `-=` for a module's parameters."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 3)
    y = x.sum(dim=1, keepdim=True)
    model = nn.Linear(3, 1)
    losses = []
    for _ in range(8):
        loss = nn.functional.mse_loss(model(x), y)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p -= 0.1 * p.grad
        losses.append(loss.item())
    return losses
