"""The backbone is frozen on purpose by `requires_grad_(False)`; only the head is trained."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(24, 4)
    y = x[:, :1] - x[:, 3:]
    backbone = nn.Sequential(nn.Linear(4, 8), nn.Tanh()).requires_grad_(False)
    head = nn.Linear(8, 1)
    model = nn.Sequential(backbone, head)
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.SGD(trained, lr=0.1)
    losses = []
    for _ in range(8):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
