"""Fine-tuning: model.train(), then only the backbone in eval(); backbone learns with a smaller rate."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    bb = nn.Sequential(nn.Linear(4, 16), nn.BatchNorm1d(16), nn.ReLU())
    head = nn.Sequential(nn.Dropout(0.2), nn.Linear(16, 1))
    m = nn.Sequential(bb, head)
    o = torch.optim.SGD([{"params": bb.parameters(), "lr": 1e-3}, {"params": head.parameters(), "lr": 5e-2}])
    x = torch.randn(40, 4)
    y = x[:, :1]
    out = []
    for e in range(12):
        m.train()
        bb.eval()
        l = nn.functional.mse_loss(m(x), y)
        o.zero_grad()
        l.backward()
        o.step()
        m.eval()
        with torch.no_grad():
            out.append(nn.functional.mse_loss(m(x), y).item())
    return out
