# expect: GH502
# Fault: batch norm in train mode uses, and changes, the statistics of the test data.
import torch
from torch import nn


@torch.no_grad()
def evaluate(model, x, y):
    return nn.functional.mse_loss(model(x), y).item()  # <- fault


def run():
    torch.manual_seed(0)
    x = torch.randn(40, 4) * 2
    y = x[:, :1]
    model = nn.Sequential(nn.Linear(4, 8, bias=False), nn.BatchNorm1d(8), nn.Tanh(), nn.Linear(8, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    results = []
    for _ in range(8):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x[:30]), y[:30])
        loss.backward()
        optimizer.step()
        results.append(evaluate(model, x[30:], y[30:]))
    return results
