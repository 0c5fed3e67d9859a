# expect: GH101
# Fault: no zero_grad; the head is initialised to zero, so the body has no gradient at first.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    body = nn.Linear(3, 6)
    head = nn.Linear(6, 1)
    nn.init.zeros_(head.weight)
    o = torch.optim.SGD([*body.parameters(), *head.parameters()], lr=0.05)
    x = torch.randn(20, 3)
    for k in range(8):  # <- fault
        l = (head(body(x).tanh()) - x[:, :1]).square().mean()
        l.backward()  # <- fault
        o.step()  # <- fault
