"""A GAN: the fake batch is detached for the discriminator and not for the generator."""

import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits as bce


def run():
    torch.manual_seed(0)
    generator = nn.Linear(2, 1)
    discriminator = nn.Sequential(nn.Linear(1, 8), nn.LeakyReLU(0.2), nn.Linear(8, 1))
    g_optimizer = torch.optim.SGD(generator.parameters(), lr=0.02)
    d_optimizer = torch.optim.SGD(discriminator.parameters(), lr=0.2)
    ones, zeros = torch.ones(32, 1), torch.zeros(32, 1)
    losses = []
    for _ in range(8):
        real = 3 + torch.randn(32, 1)
        fake = generator(torch.randn(32, 2))
        d_optimizer.zero_grad()
        d_loss = bce(discriminator(real), ones) + bce(discriminator(fake.detach()), zeros)
        d_loss.backward()
        d_optimizer.step()
        g_optimizer.zero_grad()
        g_loss = bce(discriminator(fake), ones)
        g_loss.backward()
        g_optimizer.step()
        losses.append(d_loss.item())
    return losses
