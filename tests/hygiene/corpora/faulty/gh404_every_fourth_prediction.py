# expect: GH404
# Fault: every fourth prediction is kept in a dict of lists.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 2)
    m = nn.Linear(2, 1)
    o = torch.optim.Adam(m.parameters(), lr=0.01)
    log = {"pred": [], "loss": []}
    for k in range(60):
        p = m(x)
        l = (p - x[:, :1]).square().mean()
        o.zero_grad()
        l.backward()
        o.step()
        log["loss"].append(l.item())
        if k % 4 == 0:
            log["pred"].append(p)  # <- fault
