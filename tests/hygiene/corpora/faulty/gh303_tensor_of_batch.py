# expect: GH303
# Fault: Every batch is wrapped in torch.tensor again.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    net = nn.Linear(3, 1)
    data = torch.randn(20, 3)
    opt = torch.optim.SGD(net.parameters(), lr=0.1)
    out = []
    for _ in range(8):
        loss = (net(torch.tensor(data)) - 1).square().mean()  # <- fault
        opt.zero_grad()
        loss.backward()
        opt.step()
        out.append(loss.item())
    return out
