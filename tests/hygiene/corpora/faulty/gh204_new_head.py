# expect: GH204
# Fault: the head is replaced after the optimizer was made; the new head is never updated.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(24, 4)
    y = x.sum(dim=1, keepdim=True)
    model = nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 3))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)  # <- fault
    model[2] = nn.Linear(6, 1)  # <- fault
    for _ in range(8):
        model.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()  # <- fault
