# expect: GH301
# Fault: the loss is the error rate after argmax, which has no gradient.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(30, 4)
    y = (x[:, 0] > 0).long()
    model = nn.Linear(4, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(6):
        optimizer.zero_grad()
        predicted = model(x).argmax(dim=1)  # <- fault
        loss = (predicted != y).float().mean()
        loss.backward()
        optimizer.step()
