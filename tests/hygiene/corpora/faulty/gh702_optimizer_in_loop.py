# expect: GH702
# Fault: A new momentum optimizer is made for every batch.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    net = nn.Linear(3, 1)
    x = torch.randn(20, 3)
    out = []
    for _ in range(8):
        opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)  # <- fault
        opt.zero_grad()
        loss = (net(x) - x[:, :1]).square().mean()
        loss.backward()
        opt.step()
        out.append(loss.item())
    return out
