# expect: GH404
# Fault: an exponential mean of tensor losses, updated before backward.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 2)
    m = nn.Linear(2, 1)
    o = torch.optim.SGD(m.parameters(), lr=0.05)
    ema = torch.tensor(0.0)
    for k in range(20):
        l = nn.functional.mse_loss(m(x), x[:, :1])
        ema = 0.9 * ema + 0.1 * l  # <- fault
        o.zero_grad()
        l.backward()
        o.step()
