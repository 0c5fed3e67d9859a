# expect: GH101
# Fault: `optimizer.zero_grad` without parentheses names the method but does not call it.
import torch
from torch import nn


def run():
    torch.manual_seed(3)
    x = torch.rand(25, 2)
    y = x[:, :1] - x[:, 1:]
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(12):  # <- fault
        optimizer.zero_grad  # <- fault  # noqa: B018
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()  # <- fault
        optimizer.step()  # <- fault
