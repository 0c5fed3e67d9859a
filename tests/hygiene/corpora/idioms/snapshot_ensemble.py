"""Cyclic rates; a snapshot (deepcopy) at the end of each cycle; the ensemble is evaluated in the end."""

import copy

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    m = nn.Sequential(nn.Linear(3, 16), nn.Tanh(), nn.Dropout(0.1), nn.Linear(16, 1))
    o = torch.optim.SGD(m.parameters(), lr=0.1)
    s = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(o, 5)
    x = torch.randn(40, 3)
    y = x[:, :1]
    snaps = []
    out = []
    for e in range(15):
        m.train()
        l = nn.functional.mse_loss(m(x), y)
        o.zero_grad()
        l.backward()
        o.step()
        s.step()
        out.append(l.item())
        if e % 5 == 4:
            snaps.append(copy.deepcopy(m).eval())
    with torch.no_grad():
        pred = torch.stack([k(x) for k in snaps]).mean(0)
        print(nn.functional.mse_loss(pred, y))
    return out
