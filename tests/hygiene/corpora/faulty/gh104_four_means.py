# expect: GH104
# Fault: Four micro-batch means are added without dividing.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(32, 2)
    y = x.sum(1, keepdim=True)
    net = nn.Linear(2, 1)
    opt = torch.optim.SGD(net.parameters(), lr=0.02)
    out = []
    for _ in range(8):
        opt.zero_grad()
        total = 0.0
        for xb, yb in zip(x.chunk(4), y.chunk(4)):  # <- fault
            loss = nn.functional.mse_loss(net(xb), yb)  # <- fault
            loss.backward()  # <- fault
            total += loss.item() / 4
        opt.step()  # <- fault
        out.append(total)
    return out
