"""A fresh model and a fresh optimizer for every fold."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(30, 2)
    y = x[:, :1]
    folds = torch.arange(30).chunk(3)
    curves = []
    for held_out in folds:
        rows = torch.tensor([i for i in range(30) if i not in held_out.tolist()])
        model = nn.Linear(2, 1)
        optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
        losses = []
        for _ in range(7):
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(model(x[rows]), y[rows])
            loss.backward()
            optimizer.step()
            with torch.no_grad():
                losses.append(nn.functional.mse_loss(model(x[held_out]), y[held_out]).item())
        curves.append(losses)
    return [sum(values) / 3 for values in zip(*curves, strict=True)]
