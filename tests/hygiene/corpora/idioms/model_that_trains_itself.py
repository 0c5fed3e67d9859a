"""An nn.Module with hand-made parameters and its own fit method."""

import torch
from torch import nn


class Polynomial(nn.Module):
    def __init__(self, degree):
        super().__init__()
        self.coefficients = nn.Parameter(torch.zeros(degree + 1))

    def forward(self, x):
        return sum(c * x**k for k, c in enumerate(self.coefficients))

    def fit(self, x, y, rate, steps):
        losses = []
        for _ in range(steps):
            self.zero_grad()
            loss = (self(x) - y).square().mean()
            loss.backward()
            with torch.no_grad():
                for p in self.parameters():
                    p -= rate * p.grad
            losses.append(loss.item())
        return losses


def run():
    x = torch.linspace(-1, 1, 25)
    return Polynomial(2).fit(x, x**2 - x, 0.3, 8)
