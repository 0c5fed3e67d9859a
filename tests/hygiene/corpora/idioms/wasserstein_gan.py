"""A critic trained several times per generator step, with a gradient penalty."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    real = torch.randn(32, 1) + 2
    generator, critic = nn.Linear(2, 1), nn.Sequential(nn.Linear(1, 8), nn.LeakyReLU(), nn.Linear(8, 1))
    opt_g = torch.optim.Adam(generator.parameters(), lr=0.05)
    opt_c = torch.optim.Adam(critic.parameters(), lr=0.01)
    distance = []
    for _ in range(8):
        for _ in range(2):
            fake = generator(torch.randn(32, 2)).detach()
            mix = torch.rand(32, 1)
            between = (mix * real + (1 - mix) * fake).requires_grad_(True)
            slope = torch.autograd.grad(critic(between).sum(), between, create_graph=True)[0]
            loss_c = critic(fake).mean() - critic(real).mean() + ((slope.norm(2, dim=1) - 1) ** 2).mean()
            opt_c.zero_grad()
            loss_c.backward()
            opt_c.step()
        opt_g.zero_grad()
        loss_g = -critic(generator(torch.randn(32, 2))).mean()
        loss_g.backward()
        opt_g.step()
        with torch.no_grad():
            distance.append(float((real.mean() - generator(torch.zeros(1, 2))).abs()))
    return distance
