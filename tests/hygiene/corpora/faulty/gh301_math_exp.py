# expect: GH301
# Fault: math.exp works on a Python number; rate drops out of the graph while scale stays in it.
import math

import torch


def run():
    torch.manual_seed(0)
    t = torch.linspace(0, 2, 20)
    y = 2 * torch.exp(-1.5 * t)
    scale = torch.tensor(1.0, requires_grad=True)
    rate = torch.tensor(1.0, requires_grad=True)
    optimizer = torch.optim.SGD([scale, rate], lr=0.1)
    for _ in range(8):
        optimizer.zero_grad()
        decay = math.exp(-rate.item())  # <- fault
        loss = (scale * decay**t - y).square().mean()
        loss.backward()
        optimizer.step()
