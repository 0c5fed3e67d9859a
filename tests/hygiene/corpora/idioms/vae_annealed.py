"""A VAE with an annealed KL term and samples of the decoder drawn in eval mode."""

import torch
from torch import nn


class VAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.encode = nn.Linear(6, 12)
        self.mu, self.logvar = nn.Linear(12, 2), nn.Linear(12, 2)
        self.decode = nn.Sequential(nn.Linear(2, 12), nn.BatchNorm1d(12), nn.ReLU(), nn.Linear(12, 6))

    def forward(self, x):
        hidden = torch.relu(self.encode(x))
        mu, logvar = self.mu(hidden), self.logvar(hidden)
        z = mu + torch.randn_like(mu) * torch.exp(0.5 * logvar)
        return self.decode(z), mu, logvar


def run():
    torch.manual_seed(0)
    x = torch.randn(96, 2) @ torch.randn(2, 6)
    vae = VAE()
    optimizer = torch.optim.Adam(vae.parameters(), lr=1e-2)
    losses = []
    for epoch in range(10):
        vae.train()
        beta = min(1.0, epoch / 10) * 0.1
        total = 0.0
        for batch in x.split(32):
            again, mu, logvar = vae(batch)
            reconstruction = nn.functional.mse_loss(again, batch)
            kl = -0.5 * torch.mean(1 + logvar - mu.pow(2) - logvar.exp())
            loss = reconstruction + beta * kl
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += reconstruction.item()
        vae.eval()
        with torch.no_grad():
            vae.decode(torch.randn(4, 2))
        losses.append(total)
    return losses
