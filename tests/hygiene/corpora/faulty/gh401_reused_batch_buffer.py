# expect: GH401
# Fault: one buffer holds all the batches in turn, although earlier forward passes still need its old content.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(24, 3)
    y = x.sum(dim=1, keepdim=True)
    model = nn.Linear(3, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    buffer = torch.empty(8, 3)
    for _ in range(6):
        optimizer.zero_grad()
        loss = torch.zeros(())
        for i in range(3):
            rows = slice(8 * i, 8 * i + 8)
            buffer.copy_(x[rows])  # <- fault
            loss = loss + nn.functional.mse_loss(model(buffer), y[rows]) / 3
        loss.backward()
        optimizer.step()
