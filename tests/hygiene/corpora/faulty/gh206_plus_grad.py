# expect: GH206
# Fault: The update adds the gradient of an error.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    net = nn.Linear(2, 1)
    x = torch.randn(10, 2)
    out = []
    for _ in range(7):
        loss = nn.functional.mse_loss(net(x), torch.ones(10, 1))
        net.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in net.parameters():
                p.copy_(p + 0.01 * p.grad)  # <- fault
        out.append(loss.item())
    return out
