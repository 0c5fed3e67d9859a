"""The features of a frozen network are computed once under no_grad."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(24, 4)
    y = (x[:, 0] > 0).long()
    backbone = nn.Sequential(nn.Linear(4, 8), nn.ReLU())
    for p in backbone.parameters():
        p.requires_grad = False
    backbone.eval()
    with torch.no_grad():
        features = backbone(x)
    head = nn.Linear(8, 2)
    optimizer = torch.optim.Adam(head.parameters(), lr=0.05)
    losses = []
    for _ in range(8):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(head(features), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
