"""Two tasks, one trunk, and learned log-variances that weigh the losses."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(48, 4)
    y_reg, y_cls = x.sum(1, keepdim=True), (x[:, 0] > 0).long()
    trunk = nn.Sequential(nn.Linear(4, 16), nn.ReLU())
    reg, cls = nn.Linear(16, 1), nn.Linear(16, 2)
    log_var = torch.zeros(2, requires_grad=True)
    params = [*trunk.parameters(), *reg.parameters(), *cls.parameters(), log_var]
    optimizer = torch.optim.Adam(params, lr=1e-2)
    losses, right = [], []
    for _ in range(10):
        hidden = trunk(x)
        logits = cls(hidden)
        parts = torch.stack([nn.functional.mse_loss(reg(hidden), y_reg), nn.functional.cross_entropy(logits, y_cls)])
        loss = (torch.exp(-log_var) * parts + log_var).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        right.append((logits.argmax(1) == y_cls).sum().item())
    return losses
