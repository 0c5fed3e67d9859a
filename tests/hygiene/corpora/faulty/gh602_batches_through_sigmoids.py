# expect: GH602
# Fault: fourteen sigmoid layers in a row, trained with batches of their own.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    layers = []
    for _ in range(14):
        layers += [nn.Linear(6, 6), nn.Sigmoid()]  # <- fault
    net = nn.Sequential(*layers, nn.Linear(6, 1))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
    losses = []
    for _ in range(30):
        x = torch.randn(16, 6)
        optimizer.zero_grad()
        loss = (net(x) - x[:, :1]).square().mean()  # <- fault
        loss.backward()  # <- fault
        optimizer.step()
        losses.append(loss.item())
    return losses
