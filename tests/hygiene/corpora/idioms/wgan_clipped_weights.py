"""WGAN with clipped critic weights and several critic steps per generator step."""

import torch
from torch import nn


def run():
    torch.manual_seed(5)
    generator, critic = nn.Linear(3, 1), nn.Sequential(nn.Linear(1, 16), nn.ReLU(), nn.Linear(16, 1))
    g_opt = torch.optim.RMSprop(generator.parameters(), lr=2e-2)
    c_opt = torch.optim.RMSprop(critic.parameters(), lr=2e-2)
    gap = []
    for _ in range(12):
        for _ in range(4):
            c_opt.zero_grad()
            fake = generator(torch.randn(32, 3)).detach()
            loss = critic(fake).mean() - critic(2 + torch.randn(32, 1)).mean()
            loss.backward()
            c_opt.step()
            with torch.no_grad():
                for p in critic.parameters():
                    p.clamp_(-0.5, 0.5)
        g_opt.zero_grad()
        g_loss = -critic(generator(torch.randn(32, 3))).mean()
        g_loss.backward()
        g_opt.step()
        gap.append(abs(generator.bias.item() - 2.0))
    return gap
