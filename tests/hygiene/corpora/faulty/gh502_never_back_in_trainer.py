# expect: GH502
# Fault: train() is called once, before the loop; validation puts the net into eval mode for good.
import torch
from torch import nn


class Trainer:
    def __init__(self, net):
        self.net = net
        self.optimizer = torch.optim.Adam(net.parameters(), lr=0.01)

    def validate(self, x, y):
        self.net.eval()  # <- fault
        with torch.no_grad():
            return (self.net(x).argmax(1) == y).float().mean().item()

    def fit(self, x, y, epochs):
        self.net.train()
        for _ in range(epochs):
            for bx, by in zip(x.split(10), y.split(10)):
                self.optimizer.zero_grad()
                loss = nn.functional.cross_entropy(self.net(bx), by)  # <- fault
                loss.backward()
                self.optimizer.step()
            print(self.validate(x, y))


def run():
    torch.manual_seed(0)
    x = torch.randn(40, 4)
    net = nn.Sequential(nn.Linear(4, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 2))
    Trainer(net).fit(x, (x[:, 0] > 0).long(), 4)
