"""WGAN-style critic with a gradient penalty that needs create_graph."""
import torch
from torch import nn


def gradient_penalty(critic, real, fake):
    eps = torch.rand(real.size(0), 1)
    mix = (eps * real + (1 - eps) * fake).requires_grad_(True)
    score = critic(mix)
    grad = torch.autograd.grad(score.sum(), mix, create_graph=True)[0]
    return ((grad.norm(2, dim=1) - 1) ** 2).mean()


def run():
    torch.manual_seed(19)
    gen = nn.Linear(2, 2)
    critic = nn.Sequential(nn.Linear(2, 16), nn.Softplus(), nn.Linear(16, 1))
    og = torch.optim.RMSprop(gen.parameters(), lr=2e-2)
    oc = torch.optim.RMSprop(critic.parameters(), lr=5e-3)
    target = torch.tensor([2.0, -1.0])
    distance = []
    for it in range(15):
        for _ in range(3):
            real = target + 0.3 * torch.randn(24, 2)
            with torch.no_grad():
                fake = gen(torch.randn(24, 2))
            loss = critic(fake).mean() - critic(real).mean()
            loss = loss + 10.0 * gradient_penalty(critic, real, fake)
            oc.zero_grad()
            loss.backward()
            oc.step()
        critic.requires_grad_(False)
        g_loss = -critic(gen(torch.randn(24, 2))).mean()
        og.zero_grad()
        g_loss.backward()
        og.step()
        critic.requires_grad_(True)
        distance.append((gen.bias.detach() - target).norm().item())
    return distance
