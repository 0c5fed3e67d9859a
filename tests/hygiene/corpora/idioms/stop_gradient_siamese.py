"""SimSiam: one branch is a stop-gradient by detach."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(16, 4)
    encoder = nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 3))
    predictor = nn.Linear(3, 3)
    optimizer = torch.optim.SGD([*encoder.parameters(), *predictor.parameters()], lr=0.1)
    losses = []
    for _ in range(8):
        first = encoder(x + 0.05 * torch.randn_like(x))
        second = encoder(x + 0.05 * torch.randn_like(x))
        similarity = nn.functional.cosine_similarity
        left = similarity(predictor(first), second.detach()).mean()
        right = similarity(predictor(second), first.detach()).mean()
        loss = -(left + right) / 2
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
