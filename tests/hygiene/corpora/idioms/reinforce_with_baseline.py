"""REINFORCE with sampled actions, discounted returns and a running baseline of plain numbers."""

import torch
from torch import nn
from torch.distributions import Categorical


def run():
    torch.manual_seed(0)
    policy = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 3))
    optimizer = torch.optim.Adam(policy.parameters(), lr=0.05)
    baseline = 0.0
    lengths = []
    for _ in range(12):
        log_probs, rewards = [], []
        state = torch.zeros(8, 2)
        for t in range(5):
            dist = Categorical(logits=policy(state))
            action = dist.sample()
            log_probs.append(dist.log_prob(action))
            rewards.append((action == 2).float())
            state = torch.stack([torch.full((8,), t / 5.0), action / 2.0], dim=1)
        returns, running = [], torch.zeros(8)
        for reward in reversed(rewards):
            running = reward + 0.9 * running
            returns.insert(0, running)
        returns = torch.stack(returns)
        baseline = 0.8 * baseline + 0.2 * returns.mean().item()
        loss = -(torch.stack(log_probs) * (returns - baseline)).sum(0).mean()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(policy.parameters(), 1.0)
        optimizer.step()
        lengths.append(5.0 - torch.stack(rewards).sum(0).mean().item())
    return lengths
