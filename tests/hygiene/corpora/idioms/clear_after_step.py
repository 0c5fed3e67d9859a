"""zero_grad after step: the gradients are clean for the next round."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(24, 3)
    y = (x.sum(dim=1, keepdim=True) > 0).float()
    model = nn.Linear(3, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5, momentum=0.9)
    losses = []
    for _ in range(8):
        loss = nn.functional.binary_cross_entropy_with_logits(model(x), y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    return losses
