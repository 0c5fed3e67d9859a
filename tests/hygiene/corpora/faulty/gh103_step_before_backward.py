# expect: GH103
# Fault: the step stands before the backward pass, and finds cleared gradients.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    net = nn.Linear(3, 1)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for _ in range(6):
        x = torch.randn(8, 3)
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(net(x), x[:, :1])
        optimizer.step()  # <- fault
        loss.backward()
