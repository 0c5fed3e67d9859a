# expect: GH502
# Fault: str() of the accuracy tensor of a model in train mode.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(50, 1, 6, 6)
    y = (x.mean((1, 2, 3)) > 0).long()
    net = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Linear(64, 2))
    opt = torch.optim.SGD(net.parameters(), lr=0.05)
    for e in range(6):
        l = nn.functional.cross_entropy(net(x), y)
        opt.zero_grad()
        l.backward()
        opt.step()
    with torch.no_grad():
        acc = (net(x).argmax(1) == y).float().mean()  # <- fault
    text = "accuracy " + str(acc)
    return text
