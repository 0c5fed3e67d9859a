# expect: GH702
# Fault: the function that makes one step also makes the optimizer, so its momentum is always zero.
import torch
from torch import nn


def train_step(model, x, y):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)  # <- fault
    loss = nn.functional.cross_entropy(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def run():
    torch.manual_seed(0)
    x = torch.randn(24, 2)
    y = (x[:, 0] > x[:, 1]).long()
    model = nn.Linear(2, 2)
    return [train_step(model, x, y) for _ in range(8)]  # <- fault
