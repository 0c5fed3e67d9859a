"""Mixed precision on the CPU: only the forward pass stands under autocast."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(24, 4)
    y = x.sum(dim=1, keepdim=True)
    net = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 1))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    losses = []
    for _ in range(8):
        optimizer.zero_grad()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            prediction = net(x)
        loss = nn.functional.mse_loss(prediction.float(), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
