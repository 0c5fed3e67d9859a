# expect: GH201
# Fault: sub_ on parameters of a module while gradients are being recorded.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 3)
    y = x.sum(dim=1, keepdim=True)
    model = nn.Linear(3, 1)
    for _ in range(6):
        model.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        for parameter in model.parameters():
            parameter.sub_(0.1 * parameter.grad)  # <- fault
