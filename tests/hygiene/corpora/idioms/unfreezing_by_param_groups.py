"""Layers are unfrozen one after the other and join the optimizer as new groups with smaller rates."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(32, 4)
    y = torch.sin(x.sum(1, keepdim=True))
    layers = nn.ModuleList([nn.Linear(4, 16), nn.Linear(16, 16), nn.Linear(16, 1)])

    def forward(inputs):
        for layer in layers[:-1]:
            inputs = torch.tanh(layer(inputs))
        return layers[-1](inputs)

    layers[:2].requires_grad_(False)
    optimizer = torch.optim.SGD(layers[2].parameters(), lr=0.1)
    losses = []
    for epoch in range(9):
        if epoch in (3, 6):
            layer = layers[2 - epoch // 3].requires_grad_(True)
            optimizer.add_param_group({"params": layer.parameters(), "lr": 0.1 / epoch})
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(forward(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
