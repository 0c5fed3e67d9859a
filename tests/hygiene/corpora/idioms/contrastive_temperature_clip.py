"""CLIP: two towers, a learned temperature, symmetric cross-entropy, retrieval counts."""

import torch
import torch.nn.functional as F
from torch import nn


def run():
    torch.manual_seed(0)
    a, b = nn.Linear(6, 8), nn.Linear(4, 8)
    t = nn.Parameter(torch.tensor(1.0))
    o = torch.optim.Adam([*a.parameters(), *b.parameters(), t], lr=1e-2)
    z = torch.randn(32, 3)
    x, y = z @ torch.randn(3, 6), z @ torch.randn(3, 4)
    out = []
    for _ in range(16):
        s = F.normalize(a(x), dim=1) @ F.normalize(b(y), dim=1).t() * t.exp()
        k = torch.arange(32)
        l = (F.cross_entropy(s, k) + F.cross_entropy(s.t(), k)) / 2
        top = (s.argmax(1) == k).sum().item()
        o.zero_grad()
        l.backward()
        o.step()
        with torch.no_grad():
            t.clamp_(max=4.6)
        out.append(l.item())
    return out
