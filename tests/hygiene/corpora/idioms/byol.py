"""BYOL: predictor, momentum target in train mode, symmetric loss with stop-gradient."""

import copy

import torch
import torch.nn.functional as F
from torch import nn


def run():
    torch.manual_seed(0)
    on = nn.Sequential(nn.Linear(6, 24), nn.BatchNorm1d(24), nn.ReLU(), nn.Linear(24, 6))
    pr = nn.Sequential(nn.Linear(6, 12), nn.ReLU(), nn.Linear(12, 6))
    tg = copy.deepcopy(on)
    for p in tg.parameters():
        p.requires_grad = False
    o = torch.optim.Adam([*on.parameters(), *pr.parameters()], lr=5e-3)
    base = torch.randn(64, 6)
    out = []

    def reg(p, z):
        return 2 - 2 * F.cosine_similarity(p, z, dim=-1).mean()

    for k in range(24):
        a, b = (base + 0.2 * torch.randn_like(base) for _ in range(2))
        with torch.no_grad():
            ta, tb = tg(a), tg(b)
        l = reg(pr(on(a)), tb) + reg(pr(on(b)), ta)
        o.zero_grad()
        l.backward()
        o.step()
        with torch.no_grad():
            for t, q in zip(tg.parameters(), on.parameters()):
                t.copy_(0.97 * t + 0.03 * q)
        out.append(l.item())
    return out
