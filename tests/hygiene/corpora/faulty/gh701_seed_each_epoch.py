# expect: GH701
# Fault: The seed is set in every epoch, so each one sees the same noise.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    net = nn.Linear(3, 1)
    opt = torch.optim.SGD(net.parameters(), lr=0.1)
    out = []
    for _ in range(8):
        torch.manual_seed(1)  # <- fault
        x = torch.randn(20, 3)
        opt.zero_grad()
        loss = (net(x) - x[:, :1]).square().mean()
        loss.backward()
        opt.step()
        out.append(loss.item())
    return out
