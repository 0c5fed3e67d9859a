"""DDPG: the actor climbs the critic; two optimizers, two target nets, the critic's own gradients are cleared."""

import copy

import torch
from torch import nn


def run():
    torch.manual_seed(4)
    actor = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 1), nn.Tanh())
    critic = nn.Sequential(nn.Linear(3, 32), nn.ReLU(), nn.Linear(32, 1))
    actor_target, critic_target = copy.deepcopy(actor), copy.deepcopy(critic)
    actor_opt = torch.optim.Adam(actor.parameters(), lr=1e-2)
    critic_opt = torch.optim.Adam(critic.parameters(), lr=1e-2)
    errors = []
    for _ in range(40):
        s = torch.rand(64, 2) * 2 - 1
        a = (actor(s).detach() + 0.3 * torch.randn(64, 1)).clamp(-1, 1)
        r = -(a - 0.5 * s[:, :1]).square()
        s2 = torch.rand(64, 2) * 2 - 1
        with torch.no_grad():
            y = r + 0.3 * critic_target(torch.cat([s2, actor_target(s2)], 1))
        critic_loss = nn.functional.mse_loss(critic(torch.cat([s, a], 1)), y)
        critic_opt.zero_grad()
        critic_loss.backward()
        critic_opt.step()
        actor_loss = -critic(torch.cat([s, actor(s)], 1)).mean()
        actor_opt.zero_grad()
        actor_loss.backward()
        actor_opt.step()
        for net, slow in ((actor, actor_target), (critic, critic_target)):
            for p, q in zip(net.parameters(), slow.parameters()):
                q.data.copy_(0.05 * p.data + 0.95 * q.data)
        errors.append(critic_loss.item())
    return [sum(errors[i : i + 5]) for i in range(0, 40, 5)]
