# expect: GH505
# Fault: the targets require grad.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 2)
    y = x.sum(dim=1, keepdim=True)
    y.requires_grad_()  # <- fault
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(8):
        optimizer.zero_grad()
        loss = (model(x) - y).square().mean()  # <- fault
        loss.backward()  # <- fault
        optimizer.step()
