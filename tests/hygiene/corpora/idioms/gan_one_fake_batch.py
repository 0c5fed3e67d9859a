"""GAN halves on one fake batch: detached for the discriminator, with its graph for the generator."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    bce = nn.BCEWithLogitsLoss()
    gen = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 1))
    dis = nn.Sequential(nn.Linear(1, 16), nn.LeakyReLU(0.2), nn.Linear(16, 1))
    opt_g = torch.optim.Adam(gen.parameters(), lr=1e-2)
    opt_d = torch.optim.Adam(dis.parameters(), lr=1e-2)
    distance = []
    for _ in range(30):
        real = 3 + 0.5 * torch.randn(32, 1)
        fake = gen(torch.randn(32, 2))
        opt_d.zero_grad()
        d_real = bce(dis(real), torch.ones(32, 1))
        d_fake = bce(dis(fake.detach()), torch.zeros(32, 1))
        (d_real + d_fake).backward()
        opt_d.step()
        opt_g.zero_grad()
        g_loss = bce(dis(fake), torch.ones(32, 1))
        g_loss.backward()
        opt_g.step()
        distance.append((fake.mean() - real.mean()).abs().item())
    return distance
