"""DQN with a copied target network that follows the online one softly."""

import copy

import torch
from torch import nn


def run():
    torch.manual_seed(2)
    online = nn.Sequential(nn.Linear(2, 24), nn.ReLU(), nn.Linear(24, 2))
    target = copy.deepcopy(online)
    target.requires_grad_(False)
    optimizer = torch.optim.Adam(online.parameters(), lr=1e-2)
    losses = []
    for _ in range(20):
        state = torch.randn(32, 2)
        action = torch.randint(2, (32, 1))
        reward = torch.where(action == 1, state[:, :1], -state[:, :1])
        following = torch.randn(32, 2)
        done = (torch.rand(32, 1) < 0.5).float()
        with torch.no_grad():
            best = target(following).max(dim=1, keepdim=True).values
            goal = reward + 0.5 * (1 - done) * best
        value = online(state).gather(1, action)
        loss = nn.functional.smooth_l1_loss(value, goal)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            for slow, fast in zip(target.parameters(), online.parameters()):
                slow.mul_(0.9).add_(fast, alpha=0.1)
        losses.append(loss.item())
    return losses
