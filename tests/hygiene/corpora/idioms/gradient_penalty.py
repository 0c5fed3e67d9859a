"""A gradient penalty with `create_graph=True`, whose second-order graph is used by backward."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(16, 2)
    y = x.sum(dim=1, keepdim=True)
    net = nn.Sequential(nn.Linear(2, 6), nn.Tanh(), nn.Linear(6, 1))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
    losses = []
    for _ in range(8):
        optimizer.zero_grad()
        points = x.clone().requires_grad_()
        output = net(points)
        (slopes,) = torch.autograd.grad(output.sum(), points, create_graph=True)
        loss = nn.functional.mse_loss(output, y) + 0.1 * (slopes.norm(dim=1) - 1).square().mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
