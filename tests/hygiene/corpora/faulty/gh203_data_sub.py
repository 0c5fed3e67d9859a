# expect: GH203
# Fault: The update goes through .data.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    net = nn.Linear(2, 1)
    x = torch.randn(10, 2)
    out = []
    for _ in range(7):
        loss = (net(x) - 1).square().mean()
        net.zero_grad()
        loss.backward()
        for p in net.parameters():
            p.data.sub_(0.1 * p.grad)  # <- fault
        out.append(loss.item())
    return out
