# expect: GH601
# Fault: the hand-written cross entropy takes the logarithm of a probability that underflows to 0.
import torch
from torch import nn


def cross_entropy(logits, labels):
    probabilities = torch.softmax(logits, dim=1)
    return -torch.log(probabilities[torch.arange(len(labels)), labels]).mean()  # <- fault


def run():
    torch.manual_seed(0)
    x = torch.randn(10, 2) * 300
    y = (x[:, 0] + x[:, 1] > 0).long()
    model = nn.Linear(2, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(6):
        optimizer.zero_grad()
        loss = cross_entropy(model(x), y)
        loss.backward()  # <- fault
        optimizer.step()
