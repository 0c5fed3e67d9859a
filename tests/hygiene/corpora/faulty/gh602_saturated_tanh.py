# expect: GH602
# Fault: unscaled inputs saturate tanh, so the layer below it has almost no gradient.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 3, dtype=torch.float64).abs() + 10
    y = x[:, :1] - 10
    net = nn.Sequential(nn.Linear(3, 6), nn.Tanh(), nn.Linear(6, 1)).double()
    nn.init.constant_(net[0].weight, 0.43)  # <- fault
    optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
    losses = []
    for _ in range(7):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(net(x), y)  # <- fault
        loss.backward()  # <- fault
        optimizer.step()  # <- fault
        losses.append(loss.item())
    return losses
