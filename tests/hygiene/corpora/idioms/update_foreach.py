"""`torch._foreach_sub_` updates all the parameters at once."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 3)
    y = x[:, :1]
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))
    params = list(model.parameters())
    losses = []
    for _ in range(8):
        model.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        with torch.no_grad():
            steps = torch._foreach_mul([p.grad for p in params], 0.1)
            torch._foreach_sub_(params, steps)
        losses.append(loss.item())
    return losses
