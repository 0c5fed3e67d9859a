# expect: GH605
# Fault: The output of a module (N, 1) meets targets (N,).
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 3)
    y = x.sum(1)
    net = nn.Linear(3, 1)
    opt = torch.optim.SGD(net.parameters(), lr=0.1)
    out = []
    for _ in range(8):
        opt.zero_grad()
        loss = (net(x) - y).abs().mean()  # <- fault
        loss.backward()
        opt.step()
        out.append(loss.item())
    return out
