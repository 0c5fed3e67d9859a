"""A physics-informed network: the inputs require grad because the loss holds a derivative by them."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    t = torch.linspace(0, 1, 16).unsqueeze(1).requires_grad_()
    net = nn.Sequential(nn.Linear(1, 8), nn.Tanh(), nn.Linear(8, 1))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.02)
    losses = []
    for _ in range(10):
        optimizer.zero_grad()
        u = 1 + t * net(t)
        (slope,) = torch.autograd.grad(u.sum(), t, create_graph=True)
        loss = (slope + u).square().mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
