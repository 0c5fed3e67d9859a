"""Fine-tuning with frozen batch norm: train() is overridden so that the norms stay in eval mode."""

import torch
from torch import nn


class FineTuned(nn.Module):
    def __init__(self, body, width):
        super().__init__()
        self.body, self.head = body, nn.Sequential(nn.Dropout(0.2), nn.Linear(width, 1))

    def train(self, mode=True):
        super().train(mode)
        for part in self.modules():
            if isinstance(part, nn.BatchNorm1d):
                part.eval()
                part.weight.requires_grad_(False)
                part.bias.requires_grad_(False)
        return self

    def forward(self, x):
        return self.head(self.body(x))


def run():
    torch.manual_seed(0)
    x = torch.randn(40, 4)
    y = x[:, :1] * 2 - 1
    net = FineTuned(nn.Sequential(nn.Linear(4, 16), nn.BatchNorm1d(16), nn.ReLU()), 16)
    net.train()
    optimizer = torch.optim.SGD([p for p in net.parameters() if p.requires_grad], lr=0.05)
    losses = []
    for _ in range(8):
        net.train()
        for rows in torch.randperm(40).split(10):
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(net(x[rows]), y[rows])
            loss.backward()
            optimizer.step()
        net.eval()
        with torch.no_grad():
            losses.append(nn.functional.mse_loss(net(x), y).item())
    return losses
