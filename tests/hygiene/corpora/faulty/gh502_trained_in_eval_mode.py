# expect: GH502
# Fault: eval() is called before training starts, so batch norm never learns its statistics.
import torch
from torch import nn


class Trainer:
    def __init__(self):
        self.net = nn.Sequential(nn.Linear(3, 6, bias=False), nn.BatchNorm1d(6), nn.ReLU(), nn.Linear(6, 2))
        self.net.eval()  # <- fault
        self.optimizer = torch.optim.SGD(self.net.parameters(), lr=0.1)

    def step(self, x, y):
        self.optimizer.zero_grad()
        loss = nn.functional.cross_entropy(self.net(x), y)  # <- fault
        loss.backward()
        self.optimizer.step()
        return loss.item()


def run():
    torch.manual_seed(0)
    x = torch.randn(24, 3)
    y = (x[:, 2] > 0).long()
    trainer = Trainer()
    return [trainer.step(x, y) for _ in range(8)]
