# expect: GH101
# Fault: zero_grad is called on the copy of the model.
import copy

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 3)
    net = nn.Linear(3, 1)
    spare = copy.deepcopy(net)
    opt = torch.optim.SGD(net.parameters(), lr=0.01)
    out = []
    for _ in range(8):  # <- fault
        spare.zero_grad()  # <- fault
        loss = (net(x) - x[:, :1]).square().mean()
        loss.backward()  # <- fault
        opt.step()  # <- fault
        out.append(loss.item())
    return out
