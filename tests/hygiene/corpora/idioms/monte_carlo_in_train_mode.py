"""MC dropout in plain training mode: the same rows are asked thirty times, and the answers are averaged."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(40, 4)
    y = (x[:, 0] > 0).long()
    model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 2))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.2)
    losses = []
    for _ in range(12):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    model.train()
    with torch.no_grad():
        answers = torch.stack([model(x).softmax(1) for _ in range(30)])
    print((answers.mean(0).argmax(1) == y).float().mean().item(), answers.std(0).mean().item())
    return losses
