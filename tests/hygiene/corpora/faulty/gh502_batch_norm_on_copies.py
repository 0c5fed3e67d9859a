# expect: GH502
# Fault: fifty copies of one point go through batch norm in training mode, which takes all of them for its mean.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(40, 2)
    net = nn.Sequential(nn.Linear(2, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.2), nn.Linear(8, 1))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for _ in range(6):
        optimizer.zero_grad()
        nn.functional.mse_loss(net(x), x[:, :1]).backward()
        optimizer.step()
    with torch.no_grad():
        print(net(torch.ones(1, 2).expand(50, -1)).mean().item())  # <- fault
