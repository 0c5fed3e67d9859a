# expect: GH502
# Fault: Validation runs with dropout on.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Dropout(0.3), nn.Linear(8, 1))
    x, v = torch.randn(40, 3), torch.randn(10, 3)
    opt = torch.optim.Adam(net.parameters(), lr=0.05)
    out = []
    for _ in range(10):
        opt.zero_grad()
        (net(x) - 1).square().mean().backward()
        opt.step()
        with torch.no_grad():
            out.append((net(v) - 1).square().mean().item())  # <- fault
    return out
