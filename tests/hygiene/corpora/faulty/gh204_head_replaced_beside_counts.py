# expect: GH204
# Fault: the optimizer was made before the head was replaced; frozen trunk; hits are counted as ints.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    trunk = nn.Sequential(nn.Conv1d(1, 4, 3, padding=1), nn.ReLU())
    m = nn.ModuleDict({"t": trunk, "h": nn.Linear(4, 5)})
    trunk.requires_grad_(False)
    o = torch.optim.Adam(m.parameters(), lr=0.01)  # <- fault
    m["h"] = nn.Linear(4, 2)
    x = torch.randn(12, 1, 6)
    y = (x.mean((1, 2)) > 0).long()
    hits = 0
    for k in range(8):
        z = m["h"](m["t"](x).amax(-1))
        l = nn.functional.cross_entropy(z, y)
        o.zero_grad()
        l.backward()
        o.step()
        hits += (z.argmax(1) == y).sum().item()
        misses = int((z.argmax(1) != y).sum())
