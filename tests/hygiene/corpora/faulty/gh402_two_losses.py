# expect: GH402
# Fault: Two losses of one graph are differentiated one after the other.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    net, one, two = nn.Linear(2, 3), nn.Linear(3, 1), nn.Linear(3, 1)
    x = torch.randn(10, 2)
    opt = torch.optim.SGD([*net.parameters(), *one.parameters(), *two.parameters()], lr=0.1)
    out = []
    for _ in range(6):
        h = torch.tanh(net(x))
        first, second = one(h).square().mean(), (two(h) - 1).square().mean()
        opt.zero_grad()
        first.backward()  # <- fault
        second.backward()  # <- fault
        opt.step()
        out.append(first.item())
    return out
