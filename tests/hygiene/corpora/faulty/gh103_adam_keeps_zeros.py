# expect: GH103
# Fault: the helper that should only compute the gradient also clears it before the step.
import torch
from torch import nn


def compute_gradient(model, x, y):
    loss = nn.functional.cross_entropy(model(x), y)
    loss.backward()
    model.zero_grad(set_to_none=False)  # <- fault
    return loss.item()


def run():
    torch.manual_seed(0)
    x = torch.randn(30, 4)
    y = (x[:, 0] > x[:, 1]).long()
    model = nn.Linear(4, 2)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
    losses = []
    for _ in range(8):
        losses.append(compute_gradient(model, x, y))
        optimizer.step()
    return losses
