"""A2C: a shared trunk, a detached advantage for the actor, the squared one for the critic, an entropy bonus."""

import torch
from torch import nn
from torch.distributions import Categorical


class ActorCritic(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(3, 24), nn.Tanh())
        self.actor, self.critic = nn.Linear(24, 2), nn.Linear(24, 1)

    def forward(self, state):
        hidden = self.trunk(state)
        return Categorical(logits=self.actor(hidden)), self.critic(hidden).squeeze(-1)


def run():
    torch.manual_seed(1)
    net = ActorCritic()
    optimizer = torch.optim.Adam(net.parameters(), lr=0.02)
    regret = []
    for _ in range(15):
        state = torch.randn(64, 3)
        policy, value = net(state)
        action = policy.sample()
        reward = (action == (state[:, 0] > 0)).float()
        advantage = reward - value
        actor_loss = -(policy.log_prob(action) * advantage.detach()).mean()
        critic_loss = advantage.pow(2).mean()
        loss = actor_loss + 0.5 * critic_loss - 0.01 * policy.entropy().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        regret.append(1 - reward.mean().item())
    return regret
