"""A physics-informed net: first and second derivatives of the net with respect to its input, in the loss."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(1, 16), nn.Tanh(), nn.Linear(16, 1))
    optimizer = torch.optim.Adam(net.parameters(), lr=5e-3)
    losses = []
    for _ in range(12):
        t = torch.linspace(0, 2, 24).unsqueeze(1).requires_grad_()
        u = net(t)
        (du,) = torch.autograd.grad(u, t, torch.ones_like(u), create_graph=True)
        (ddu,) = torch.autograd.grad(du, t, torch.ones_like(du), create_graph=True)
        residual = (ddu + u).square().mean()
        start = net(torch.zeros(1, 1))
        loss = residual + (start - 1).square().mean() + du[0].square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
