# expect: GH204
# Fault: the optimizer holds the original's parameters, but the copy is trained.
import copy

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 3)
    y = (x[:, 0] > 0).long()
    base = nn.Linear(3, 2)
    optimizer = torch.optim.Adam(base.parameters(), lr=0.1)  # <- fault
    model = copy.deepcopy(base)  # <- fault
    losses = []
    for _ in range(8):
        model.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()  # <- fault
        losses.append(loss.item())
    return losses
