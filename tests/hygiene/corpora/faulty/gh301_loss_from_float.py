# expect: GH301
# Fault: the loss is rebuilt from a float.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    m = nn.Linear(3, 1)
    o = torch.optim.SGD(m.parameters(), lr=0.1)
    x = torch.randn(20, 3)
    for k in range(6):
        value = float(nn.functional.mse_loss(m(x), x[:, :1]))  # <- fault
        l = torch.tensor(value, requires_grad=True)  # <- fault
        o.zero_grad()
        l.backward()
        o.step()
