"""Groups, strides and paddings of one and two beside counts that are often one or two; the trunk is frozen."""

import torch
from torch import nn


def run():
    torch.manual_seed(1)
    trunk = nn.Sequential(nn.Conv1d(2, 4, 3, stride=2, padding=1, groups=2), nn.GroupNorm(2, 4), nn.Tanh())
    head = nn.Linear(4, 3)
    for parameter in trunk.parameters():
        parameter.requires_grad_(False)
    optimizer = torch.optim.AdamW([*trunk.parameters(), *head.parameters()], lr=0.05)
    x, y = torch.randn(4, 2, 8), torch.tensor([0, 1, 2, 1])
    losses = []
    for _ in range(12):
        out = head(trunk(x).mean(-1))
        loss = nn.functional.cross_entropy(out, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        right = int((out.argmax(1) == y).sum())
        top = out.topk(2, dim=1).indices.eq(y[:, None]).any(1).sum().item()
        assert right <= top <= 4
        losses.append(loss.item())
    return losses
