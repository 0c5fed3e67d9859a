"""A target network, computed under no_grad and refreshed by load_state_dict now and then."""

import copy

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    state, following = torch.randn(16, 3), torch.randn(16, 3)
    reward = state[:, 0]
    online = nn.Linear(3, 2)
    target = copy.deepcopy(online).requires_grad_(False)
    optimizer = torch.optim.SGD(online.parameters(), lr=0.1)
    losses = []
    for step in range(10):
        with torch.no_grad():
            goal = reward + 0.5 * target(following).max(dim=1).values
        loss = (online(state).max(dim=1).values - goal).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 5 == 4:
            target.load_state_dict(online.state_dict())
        losses.append(loss.item())
    return losses
