# expect: GH203
# Fault: parameters of the module are changed by .data.add_.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(30, 2)
    y = x[:, :1] - x[:, 1:]
    model = nn.Linear(2, 1)
    for _ in range(8):
        model.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        for p in model.parameters():
            p.data.add_(p.grad.data, alpha=-0.1)  # <- fault
