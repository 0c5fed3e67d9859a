# expect: GH101
# Fault: four micro-batches are collected correctly, but after the step nothing is cleared.
import torch
from torch import nn

ACCUMULATE = 4


def run():
    torch.manual_seed(0)
    x = torch.randn(64, 4)
    y = x[:, :2].sum(dim=1, keepdim=True)
    model = nn.Linear(4, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    for i, (xb, yb) in enumerate(zip(x.split(4), y.split(4), strict=True)):  # <- fault
        loss = nn.functional.mse_loss(model(xb), yb) / ACCUMULATE
        loss.backward()  # <- fault
        if (i + 1) % ACCUMULATE == 0:
            optimizer.step()  # <- fault
