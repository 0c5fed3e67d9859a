# expect: GH102
# Fault: the clear leaves out the head.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    body = nn.Linear(3, 6)
    head = nn.Linear(6, 1)
    o = torch.optim.SGD([*body.parameters(), *head.parameters()], lr=0.02)
    x = torch.randn(20, 3)
    for k in range(8):
        l = (head(body(x).tanh()) - x[:, :1]).square().mean()
        body.zero_grad()  # <- fault
        l.backward()  # <- fault
        o.step()  # <- fault
