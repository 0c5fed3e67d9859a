"""Two phases by one function: the second has another optimizer and keeps batch norm in eval mode on purpose."""

import torch
from torch import nn


def fit(model, optimizer, x, y, epochs):
    losses = []
    for _ in range(epochs):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def run():
    torch.manual_seed(0)
    x = torch.randn(40, 4)
    y = (x[:, 0] > 0).long()
    model = nn.Sequential(nn.Linear(4, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 2))
    model.train()
    losses = fit(model, torch.optim.SGD(model.parameters(), lr=0.2), x, y, 8)
    model.eval()
    with torch.no_grad():
        print((model(x).argmax(1) == y).float().mean().item())
    return losses + fit(model, torch.optim.SGD(model.parameters(), lr=0.02), x, y, 8)
