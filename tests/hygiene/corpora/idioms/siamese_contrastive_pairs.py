"""A siamese net called twice per step, contrastive margin loss, distances averaged as numbers."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 4))
    optimizer = torch.optim.Adam(net.parameters(), lr=5e-3)
    centre = torch.randn(3, 6)
    losses, gaps = [], []
    for _ in range(12):
        one, two = torch.randint(3, (48,)), torch.randint(3, (48,))
        same = (one == two).float()
        left, right = net(centre[one] + 0.2 * torch.randn(48, 6)), net(centre[two] + 0.2 * torch.randn(48, 6))
        distance = torch.nn.functional.pairwise_distance(left, right)
        loss = (same * distance**2 + (1 - same) * torch.clamp(2 - distance, min=0) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        gaps.append(distance[same == 0].mean().item() - distance[same == 1].mean().item())
        losses.append(loss.item())
    return losses
