"""Double DQN: the online net chooses, the target net judges; load_state_dict every few steps; epsilon decays."""

import random

import torch
from torch import nn


def make():
    return nn.Sequential(nn.Linear(3, 20), nn.ReLU(), nn.Linear(20, 3))


def run():
    torch.manual_seed(3)
    random.seed(0)
    online, target = make(), make()
    target.load_state_dict(online.state_dict())
    target.eval()
    optimizer = torch.optim.RMSprop(online.parameters(), lr=3e-3)
    memory, losses, epsilon = [], [], 1.0
    state = torch.zeros(3)
    for step in range(60):
        if random.random() < epsilon:
            action = random.randrange(3)
        else:
            with torch.no_grad():
                action = online(state).argmax().item()
        epsilon *= 0.97
        reward = 1.0 if action == step % 3 else 0.0
        following = torch.eye(3)[(step + 1) % 3]
        memory.append((state, action, reward, following))
        state = following
        if len(memory) < 16:
            continue
        batch = random.sample(memory, 16)
        states, actions, rewards, nexts = zip(*batch)
        states, nexts = torch.stack(states), torch.stack(nexts)
        with torch.no_grad():
            choice = online(nexts).argmax(1, keepdim=True)
            goal = torch.tensor(rewards) + 0.5 * target(nexts).gather(1, choice).squeeze(1)
        q = online(states)[torch.arange(16), torch.tensor(actions)]
        loss = (q - goal).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 10 == 0:
            target.load_state_dict(online.state_dict())
        losses.append(loss.item())
    return [sum(losses[i : i + 5]) for i in range(0, 45, 5)]
