# expect: GH101
# Fault: zero_grad is called on a fresh copy of the model and not on the model that is trained.
import copy

import torch
from torch import nn


def train_step(model, optimizer, x, y):
    loss = nn.functional.l1_loss(model(x), y)
    copy.deepcopy(model).zero_grad()  # <- fault
    loss.backward()  # <- fault
    optimizer.step()  # <- fault
    return loss.item()


def run():
    torch.manual_seed(0)
    x = torch.randn(16, 2)
    y = 2 * x[:, :1]
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    return [train_step(model, optimizer, x, y) for _ in range(7)]  # <- fault
