"""GAN with separate backward calls for real and fake, hinge loss, and samples drawn beside."""

import torch
from torch import nn


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(4, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 2))

    def forward(self, z):
        return self.body(z)


def run():
    torch.manual_seed(4)
    gen, dis = Generator(), nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 1))
    opt_g = torch.optim.RMSprop(gen.parameters(), lr=5e-3)
    opt_d = torch.optim.RMSprop(dis.parameters(), lr=5e-3)
    fixed = torch.randn(16, 4)
    history = []
    for step in range(24):
        dis.zero_grad()
        real = torch.tensor([2.0, -1.0]) + 0.2 * torch.randn(32, 2)
        loss_real = torch.relu(1 - dis(real)).mean()
        loss_real.backward()
        fake = gen(torch.randn(32, 4))
        loss_fake = torch.relu(1 + dis(fake.detach())).mean()
        loss_fake.backward()
        opt_d.step()
        gen.zero_grad()
        loss_gen = -dis(fake).mean()
        loss_gen.backward()
        opt_g.step()
        if step % 4 == 0:
            gen.eval()
            with torch.no_grad():
                sample = gen(fixed)
            gen.train()
            history.append((sample.mean(0) - torch.tensor([2.0, -1.0])).norm().item())
    return history
