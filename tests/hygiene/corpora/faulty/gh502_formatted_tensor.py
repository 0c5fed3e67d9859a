# expect: GH502
# Fault: the test error is computed in training mode and put into a text.
import torch
from torch import nn


@torch.no_grad()
def test(net, x, y):
    error = nn.functional.mse_loss(net(x), y)  # <- fault
    print(f"test error {error:.3f}")


def run():
    torch.manual_seed(0)
    x = torch.randn(40, 4)
    y = x[:, :1]
    net = nn.Sequential(nn.Linear(4, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 1))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.02)
    for _ in range(8):
        optimizer.zero_grad()
        nn.functional.mse_loss(net(x[:30]), y[:30]).backward()
        optimizer.step()
    test(net, x[30:], y[30:])
