# expect: GH605
# Fault: the data set gives flat targets, the network gives a column.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Trainer:
    def __init__(self):
        self.net = nn.Linear(2, 1)
        self.optimizer = torch.optim.SGD(self.net.parameters(), lr=0.05)

    def loss(self, inputs, targets):
        residual = targets - self.net(inputs)  # <- fault
        return residual.abs().mean()

    def fit(self, loader, epochs):
        for _ in range(epochs):
            for inputs, targets in loader:
                self.optimizer.zero_grad()
                self.loss(inputs, targets).backward()
                self.optimizer.step()


def run():
    torch.manual_seed(0)
    x = torch.randn(24, 2)
    loader = DataLoader(TensorDataset(x, x[:, 0] + 1), batch_size=8)
    Trainer().fit(loader, 3)
