# expect: GH205
# Fault: a hugely negative bias kills every ReLU, so the first layer's gradient is always exactly zero.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(24, 3)
    y = x[:, :1]
    model = nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Linear(8, 1))
    nn.init.constant_(model[0].bias, -100.0)  # <- fault
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)  # <- fault
    for _ in range(8):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)  # <- fault
        loss.backward()  # <- fault
        optimizer.step()  # <- fault
