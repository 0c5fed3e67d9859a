"""Pseudo labels from the model's own answers in eval mode; confident rows only; counts as ints."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    m = nn.Sequential(nn.Linear(3, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 2))
    o = torch.optim.Adam(m.parameters(), lr=1e-2)
    xl = torch.randn(20, 3)
    yl = (xl[:, 0] > 0).long()
    xu = torch.randn(60, 3)
    out = []
    for e in range(10):
        m.eval()
        with torch.no_grad():
            p = m(xu).softmax(1)
            conf, lab = p.max(1)
        keep = conf > 0.6
        n = keep.sum().item()
        m.train()
        l = nn.functional.cross_entropy(m(xl), yl)
        if n > 1:
            l = l + 0.3 * nn.functional.cross_entropy(m(xu[keep]), lab[keep])
        o.zero_grad()
        l.backward()
        o.step()
        out.append(l.item())
    return out
