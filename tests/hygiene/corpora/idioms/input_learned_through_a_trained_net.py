"""A net is trained, put into eval mode, and then an input is learned that it likes; the net itself stays."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(40, 4)
    y = (x[:, 0] > 0).long()
    net = nn.Sequential(nn.Linear(4, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 2))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for _ in range(6):
        optimizer.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        optimizer.step()
    net.eval()
    net.requires_grad_(False)
    image = nn.Parameter(torch.randn(3, 4))
    optimizer = torch.optim.Adam([image], lr=0.1)
    losses = []
    for _ in range(10):
        optimizer.zero_grad()
        loss = -net(image)[:, 0].mean() + 0.01 * image.square().sum()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
