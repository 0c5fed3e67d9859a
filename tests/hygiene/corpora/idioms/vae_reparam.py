"""A tiny variational autoencoder with the reparametrisation trick."""

import torch
from torch import nn


class Vae(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc, self.dec = nn.Linear(4, 4), nn.Linear(2, 4)

    def forward(self, x):
        mu, logvar = self.enc(x).chunk(2, dim=1)
        z = mu + torch.randn_like(mu) * (0.5 * logvar).exp()
        return self.dec(z), mu, logvar


def run():
    torch.manual_seed(0)
    x = torch.randn(64, 4) * 2
    net = Vae()
    opt = torch.optim.Adam(net.parameters(), lr=0.05)
    out = []
    for _ in range(15):
        again, mu, logvar = net(x)
        kl = -0.5 * (1 + logvar - mu.square() - logvar.exp()).sum(1).mean()
        loss = (again - x).square().sum(1).mean() + kl
        opt.zero_grad()
        loss.backward()
        opt.step()
        out.append(loss.item())
    return out
