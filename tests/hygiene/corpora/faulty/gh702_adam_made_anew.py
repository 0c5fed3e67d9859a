# expect: GH702
# Fault: a new Adam in every step never gets past its first moment estimates.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 3)
    y = x.sum(dim=1, keepdim=True)
    model = nn.Linear(3, 1)
    for _ in range(8):
        optimizer = torch.optim.Adam(model.parameters(), lr=0.05)  # <- fault
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
