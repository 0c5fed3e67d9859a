"""DP-SGD by a loop: each sample's gradient is clipped, they are added, noise is added, then the step."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(16, 3)
    y = (x[:, 0] > 0).float()
    model = nn.Linear(3, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    losses = []
    for _ in range(8):
        summed = [torch.zeros_like(p) for p in model.parameters()]
        total = 0.0
        for i in range(len(x)):
            model.zero_grad()
            loss = nn.functional.binary_cross_entropy_with_logits(model(x[i]).squeeze(), y[i])
            loss.backward()
            norm = torch.sqrt(sum(p.grad.pow(2).sum() for p in model.parameters())).item()
            factor = min(1.0, 1.0 / (norm + 1e-6))
            for s, p in zip(summed, model.parameters()):
                s += factor * p.grad
            total += loss.item()
        for s, p in zip(summed, model.parameters()):
            p.grad = (s + 0.1 * torch.randn_like(s)) / len(x)
        optimizer.step()
        losses.append(total / len(x))
    return losses
