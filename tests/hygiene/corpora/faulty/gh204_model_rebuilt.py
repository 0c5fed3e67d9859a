# expect: GH204
# Fault: The optimizer holds the parameters of the first model; the training uses a second one.
import torch
from torch import nn


def build():
    torch.manual_seed(0)
    return nn.Linear(3, 1)


def run():
    x = torch.randn(20, 3)
    net = build()
    opt = torch.optim.SGD(net.parameters(), lr=0.1)  # <- fault
    net = build()  # <- fault
    out = []
    for _ in range(7):
        opt.zero_grad()
        loss = (net(x) - x[:, :1]).square().mean()
        loss.backward()
        opt.step()  # <- fault
        out.append(loss.item())
    return out
