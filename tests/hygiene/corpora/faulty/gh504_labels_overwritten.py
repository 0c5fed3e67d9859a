# expect: GH504
# Fault: the caller's labels are recoded in place.
import torch
from torch import nn


def arguments():
    generator = torch.Generator().manual_seed(1)
    x = torch.randn(20, 3, generator=generator)
    return x, (x[:, 0] > 0).long() + 1


def run(x, labels):
    torch.manual_seed(0)
    labels[labels == 2] = 0  # <- fault
    model = nn.Linear(3, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.2)
    losses = []
    for _ in range(8):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
