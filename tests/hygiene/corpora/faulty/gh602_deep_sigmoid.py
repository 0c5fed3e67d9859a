# expect: GH602
# Fault: sixteen sigmoid layers in a row leave the first layers without any gradient to speak of.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 4)
    y = x[:, :1]
    layers = []
    for _ in range(16):
        layers += [nn.Linear(4, 4), nn.Sigmoid()]  # <- fault
    net = nn.Sequential(*layers, nn.Linear(4, 1))  # <- fault
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    losses = []
    for _ in range(7):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(net(x), y)  # <- fault
        loss.backward()  # <- fault
        optimizer.step()  # <- fault
        losses.append(loss.item())
    return losses
