# expect: GH301
# Fault: the prediction is converted to integers, which carry no gradient.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 1)
    y = (3 * x).round()
    model = nn.Linear(1, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    for _ in range(6):
        optimizer.zero_grad()
        counts = model(x).round().int()  # <- fault
        loss = (counts - y).abs().mean()
        loss.backward()
        optimizer.step()
