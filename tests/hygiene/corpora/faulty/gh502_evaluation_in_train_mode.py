# expect: GH502
# Fault: the evaluation leaves dropout switched on.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(30, 4)
    y = (x[:, 0] > 0).long()
    model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Dropout(0.5), nn.Linear(16, 2))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    scores = []
    for _ in range(8):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()
        with torch.no_grad():
            scores.append((model(x).argmax(dim=1) == y).float().mean().item())  # <- fault
    return scores
