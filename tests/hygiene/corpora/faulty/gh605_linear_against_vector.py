# expect: GH605
# Fault: the model gives (N, 1), the target has shape (N,): the difference is an N by N table.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 3)
    y = x.sum(dim=1)
    model = nn.Linear(3, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    losses = []
    for _ in range(8):
        optimizer.zero_grad()
        prediction = model(x)
        loss = ((prediction - y) ** 2).mean()  # <- fault
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
