# expect: GH502
# Fault: F.dropout without training=self.training is active in the evaluation too.
import torch
import torch.nn.functional as F
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Linear(3, 12), nn.Linear(12, 1)

    def forward(self, x):
        return self.last(F.dropout(torch.tanh(self.first(x)), 0.4))  # <- fault


def run():
    torch.manual_seed(0)
    x = torch.randn(24, 3)
    y = x[:, :1]
    net = Net()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    errors = []
    for _ in range(8):
        net.train()
        optimizer.zero_grad()
        F.mse_loss(net(x), y).backward()
        optimizer.step()
        net.eval()
        with torch.no_grad():
            errors.append(F.mse_loss(net(x), y).item())
    return errors
