"""Validation under torch.inference_mode with eval and train switched around it."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(64, 5)
    y = (x[:, :1] > 0).float()
    net = nn.Sequential(nn.Linear(5, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.1), nn.Linear(8, 1))
    opt = torch.optim.Adam(net.parameters(), lr=0.05)
    crit = nn.BCEWithLogitsLoss()
    valid = []
    for epoch in range(8):
        net.train()
        for k in range(0, 48, 16):
            opt.zero_grad()
            crit(net(x[k : k + 16]), y[k : k + 16]).backward()
            opt.step()
        net.eval()
        with torch.inference_mode():
            valid.append(crit(net(x[48:]), y[48:]).item())
    return valid
