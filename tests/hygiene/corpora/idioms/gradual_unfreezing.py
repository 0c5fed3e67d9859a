"""A layer is frozen for the first steps, then unfrozen and given to the optimizer as a new group."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(24, 3)
    y = x.sum(dim=1, keepdim=True)
    body, head = nn.Sequential(nn.Linear(3, 6), nn.Tanh()), nn.Linear(6, 1)
    body.requires_grad_(False)
    optimizer = torch.optim.SGD(head.parameters(), lr=0.1)
    losses = []
    for step in range(10):
        if step == 5:
            body.requires_grad_(True)
            optimizer.add_param_group({"params": body.parameters(), "lr": 0.05})
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(head(body(x)), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
