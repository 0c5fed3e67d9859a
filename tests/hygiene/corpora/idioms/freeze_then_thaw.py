"""The head alone first, then everything with a new parameter group."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(32, 3)
    y = x.sum(1, keepdim=True)
    body, head = nn.Linear(3, 6), nn.Linear(6, 1)
    body.requires_grad_(False)
    opt = torch.optim.SGD(head.parameters(), lr=0.05)
    out = []
    for epoch in range(10):
        if epoch == 5:
            body.requires_grad_(True)
            opt.add_param_group({"params": list(body.parameters()), "lr": 0.01})
        loss = nn.functional.mse_loss(head(torch.tanh(body(x))), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        out.append(loss.item())
    return out
