# expect: GH301
# Fault: The loss is computed from detached logits.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    net = nn.Linear(2, 1)
    x = torch.randn(10, 2)
    opt = torch.optim.SGD(net.parameters(), lr=0.1)
    out = []
    for _ in range(7):
        logits = net(x).detach()  # <- fault
        loss = logits.sigmoid().mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        out.append(loss.item())
    return out
