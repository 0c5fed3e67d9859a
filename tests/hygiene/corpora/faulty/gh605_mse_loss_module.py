# expect: GH605
# Fault: nn.MSELoss gets (N, 1) and (N,) and broadcasts them.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.rand(16, 2)
    y = 2 * x[:, 0] - x[:, 1]
    model = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    criterion = nn.MSELoss()
    for _ in range(8):
        optimizer.zero_grad()
        loss = criterion(model(x), y)  # <- fault
        loss.backward()
        optimizer.step()
