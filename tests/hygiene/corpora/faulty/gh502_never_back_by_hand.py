# expect: GH502
# Fault: after the first look at the held-out rows the net stays in eval mode.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(40, 3)
    y = x.sum(1, keepdim=True)
    net = nn.Sequential(nn.Linear(3, 16), nn.Tanh(), nn.Dropout(0.3), nn.Linear(16, 1))
    losses = []
    for k in range(12):
        net.zero_grad()
        loss = nn.functional.mse_loss(net(x[:30]), y[:30])  # <- fault
        loss.backward()
        with torch.no_grad():
            for p in net.parameters():
                p -= 0.05 * p.grad
        if k % 4 == 2:
            net.eval()  # <- fault
            with torch.no_grad():
                losses.append(nn.functional.mse_loss(net(x[30:]), y[30:]).item())
    return losses
