# expect: GH503
# Fault: anomaly mode, switched on for debugging, is left on.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    torch.autograd.set_detect_anomaly(True)  # <- fault
    x = torch.randn(20, 2)
    y = x[:, :1]
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(7):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
