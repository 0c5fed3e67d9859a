# expect: GH601
# Fault: a hidden unit that is always off has standard deviation 0, so standardizing it divides by zero.
import torch
from torch import nn


class Standardize(nn.Module):
    def forward(self, x):
        return (x - x.mean(dim=0)) / x.std(dim=0)  # <- fault


def run():
    torch.manual_seed(0)
    x = torch.randn(12, 3)
    y = x[:, :1].clone()
    model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), Standardize(), nn.Linear(4, 1))
    with torch.no_grad():
        model[0].bias[1] = -50.0
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    for _ in range(6):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()  # <- fault
        optimizer.step()
