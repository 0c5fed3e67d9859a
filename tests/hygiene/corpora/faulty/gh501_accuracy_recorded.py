# expect: GH501
# Fault: the accuracy function runs the model in eval mode, but without no_grad.
import torch
from torch import nn


def accuracy(model, x, y):
    model.eval()
    predicted = model(x).argmax(dim=1)  # <- fault
    model.train()
    return (predicted == y).float().mean().item()


def run():
    torch.manual_seed(0)
    x = torch.randn(30, 2)
    y = (x[:, 0] > 0).long()
    model = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 2))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
    scores = []
    for _ in range(8):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()
        scores.append(accuracy(model, x, y))
    return scores
