"""An autoencoder whose decoder uses the transposed weights of its encoder."""

import torch
from torch import nn


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(0.3 * torch.randn(2, 6))
        self.bias = nn.Parameter(torch.zeros(6))

    def forward(self, x):
        code = torch.tanh(x @ self.weight.T)
        return code @ self.weight + self.bias


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 2) @ torch.randn(2, 6)
    model = Tied()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    losses = []
    for _ in range(8):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), x)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
