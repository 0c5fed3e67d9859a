# expect: GH403
# Fault: the first retain_graph is needed, the second one, on the last loss, is not.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(16, 3)
    trunk = nn.Sequential(nn.Linear(3, 4), nn.Tanh())
    left, right = nn.Linear(4, 1), nn.Linear(4, 1)
    params = [*trunk.parameters(), *left.parameters(), *right.parameters()]
    optimizer = torch.optim.SGD(params, lr=0.1)
    for _ in range(7):
        optimizer.zero_grad()
        h = trunk(x)
        first = (left(h) - x[:, :1]).square().mean()
        second = (right(h) - x[:, 1:2]).square().mean()
        first.backward(retain_graph=True)
        second.backward(retain_graph=True)  # <- fault
        optimizer.step()
