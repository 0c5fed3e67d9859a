"""REINFORCE with a baseline: the advantage is detached for the policy and not for the critic."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    rewards = torch.tensor([0.0, 1.0, 0.2])
    logits = nn.Parameter(torch.zeros(3))
    baseline = nn.Parameter(torch.zeros(()))
    optimizer = torch.optim.SGD([logits, baseline], lr=0.5)
    regrets = []
    for _ in range(10):
        policy = torch.distributions.Categorical(logits=logits)
        actions = policy.sample((64,))
        advantage = rewards[actions] - baseline
        actor = -(policy.log_prob(actions) * advantage.detach()).mean()
        loss = actor + advantage.square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        regrets.append(1.0 - rewards[actions].mean().item())
    return regrets
