"""A discriminator with an R1 penalty that is added only in every fourth step."""

import torch
from torch import nn


def run():
    torch.manual_seed(2)
    dis = nn.Sequential(nn.Linear(2, 24), nn.Softplus(), nn.Linear(24, 1))
    optimizer = torch.optim.Adam(dis.parameters(), lr=1e-2)
    losses = []
    for step in range(16):
        real = torch.randn(32, 2) + 1
        fake = torch.randn(32, 2) - 1
        loss = nn.functional.softplus(dis(fake)).mean() + nn.functional.softplus(-dis(real)).mean()
        losses.append(loss.item())
        if step % 4 == 0:
            real.requires_grad_()
            (grad,) = torch.autograd.grad(dis(real).sum(), real, create_graph=True)
            loss = loss + 0.5 * 4 * grad.square().sum(1).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return losses
