"""A Bayesian layer whose dropout says itself that it is always on, also in eval mode."""

import torch
import torch.nn.functional as F
from torch import nn


class Always(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Linear(4, 16), nn.Linear(16, 1)

    def forward(self, x):
        return self.last(F.dropout(torch.relu(self.first(x)), p=0.2, training=True))


def run():
    torch.manual_seed(0)
    x = torch.randn(40, 4)
    y = x[:, :1]
    net = Always()
    optimizer = torch.optim.Adam(net.parameters(), lr=0.02)
    losses = []
    for _ in range(12):
        net.train()
        optimizer.zero_grad()
        loss = F.mse_loss(net(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    net.eval()
    with torch.no_grad():
        print(torch.stack([net(x) for _ in range(10)]).mean(0).sub(y).square().mean().item())
    return losses
