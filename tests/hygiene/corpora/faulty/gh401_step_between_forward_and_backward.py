# expect: GH401
# Fault: the optimizer changes the weights between the forward pass and the backward pass of the second loss.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(16, 3)
    net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for _ in range(6):
        output = net(x)
        first = output[:, 0].square().mean()
        second = (output[:, 1] - 1).square().mean()
        optimizer.zero_grad()
        first.backward(retain_graph=True)
        optimizer.step()  # <- fault
        optimizer.zero_grad()
        second.backward()
        optimizer.step()
