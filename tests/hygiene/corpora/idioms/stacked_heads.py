"""Two losses on one trunk, added and differentiated once, logged apart."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(32, 3)
    trunk, one, two = nn.Linear(3, 5), nn.Linear(5, 1), nn.Linear(5, 2)
    modules = nn.ModuleList([trunk, one, two])
    opt = torch.optim.Adam(modules.parameters(), lr=0.05)
    log = {"one": [], "two": []}
    for _ in range(10):
        h = trunk(x).relu()
        first = (one(h).squeeze(1) - x.sum(1)).square().mean()
        second = nn.functional.cross_entropy(two(h), (x[:, 0] > 0).long())
        opt.zero_grad()
        (first + 0.5 * second).backward()
        opt.step()
        log["one"].append(first.detach())
        log["two"].append(second.item())
    return [float(v) for v in log["one"]]
