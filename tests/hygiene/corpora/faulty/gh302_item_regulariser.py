# expect: GH302
# Fault: The penalty enters the loss as a number.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    net = nn.Linear(3, 1)
    x = torch.randn(20, 3)
    opt = torch.optim.SGD(net.parameters(), lr=0.1)
    out = []
    for _ in range(8):
        loss = (net(x) - 1).square().mean() + 0.1 * net.weight.square().sum().item()  # <- fault
        opt.zero_grad()
        loss.backward()
        opt.step()
        out.append(loss.item())
    return out
