# expect: GH204
# Fault: the last layer is replaced after the optimizer was made, so the new layer is never updated.
import torch
from torch import nn


def run():
    torch.manual_seed(23)
    x = torch.randn(20, 4)
    y = torch.randint(0, 3, (20,))
    model = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 10))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)  # <- fault
    model[2] = nn.Linear(8, 3)  # <- fault
    loss_fn = nn.CrossEntropyLoss()
    losses = []
    for epoch in range(10):
        model.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
