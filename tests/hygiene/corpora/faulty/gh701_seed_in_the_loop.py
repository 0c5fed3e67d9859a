# expect: GH701
# Fault: the seed is set in every step, so every step draws the same noise.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 2)
    y = x[:, :1]
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(8):
        torch.manual_seed(0)  # <- fault
        noisy = x + 0.1 * torch.randn_like(x)
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(noisy), y)
        loss.backward()
        optimizer.step()
