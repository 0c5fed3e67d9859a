# expect: GH502
# Fault: validation in train mode; its tensor is only compared with the best so far.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(50, 4)
    y = x[:, :1]
    net = nn.Sequential(nn.Linear(4, 12), nn.BatchNorm1d(12), nn.ReLU(), nn.Linear(12, 1))
    opt = torch.optim.Adam(net.parameters(), lr=5e-3)
    best = torch.tensor(float("inf"))
    for e in range(8):
        l = nn.functional.mse_loss(net(x[:40]), y[:40])
        opt.zero_grad()
        l.backward()
        opt.step()
        with torch.no_grad():
            v = nn.functional.mse_loss(net(x[40:]), y[40:])  # <- fault
        if v < best:
            best = v
