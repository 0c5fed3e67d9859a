# expect: GH502
# Fault: a helper evaluates and leaves the model in eval mode; train() stands before the epochs.
import torch
from torch import nn


def score(net, x, y):
    return (net.eval()(x).argmax(1) == y).sum()  # <- fault


def run():
    torch.manual_seed(0)
    x = torch.randn(50, 4)
    y = (x[:, 0] > 0).long()
    net = nn.Sequential(nn.Linear(4, 12), nn.Dropout1d(0.3), nn.ReLU(), nn.Linear(12, 2)).train()
    opt = torch.optim.RMSprop(net.parameters(), lr=5e-3)
    for e in range(4):
        for i in torch.randperm(40).split(8):
            l = nn.functional.cross_entropy(net(x[i]), y[i])  # <- fault
            opt.zero_grad()
            l.backward()
            opt.step()
        with torch.no_grad():
            print(e, score(net, x[40:], y[40:]).item())
