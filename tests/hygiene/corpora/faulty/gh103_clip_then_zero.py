# expect: GH103
# Fault: The gradients are clipped, zeroed, and then used.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 3)
    net = nn.Linear(3, 1)
    opt = torch.optim.SGD(net.parameters(), lr=0.05)
    out = []
    for _ in range(8):
        loss = (net(x) - x[:, :1]).square().mean()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        opt.zero_grad()  # <- fault
        opt.step()  # <- fault
        out.append(loss.item())
    return out
