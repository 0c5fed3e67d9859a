# expect: GH103
# Fault: zero_grad stands between backward and step, so the step finds no gradient.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(32, 3)
    y = x.sum(dim=1, keepdim=True)
    model = nn.Linear(3, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    losses = []
    for _ in range(8):
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.zero_grad()  # <- fault
        optimizer.step()
        losses.append(loss.item())
    return losses
