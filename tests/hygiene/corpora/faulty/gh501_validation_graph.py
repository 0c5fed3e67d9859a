# expect: GH501
# Fault: The validation loss is computed with a graph.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    net = nn.Linear(3, 1)
    x, v = torch.randn(20, 3), torch.randn(10, 3)
    opt = torch.optim.SGD(net.parameters(), lr=0.1)
    out = []
    for _ in range(8):
        opt.zero_grad()
        (net(x) - 1).square().mean().backward()
        opt.step()
        out.append((net(v) - 1).square().mean().item())  # <- fault
    return out
