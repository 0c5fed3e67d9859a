# expect: GH101
# Fault: The foreach update never zeroes the gradients.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x, y = torch.randn(20, 3), torch.randn(20, 1)
    net = nn.Linear(3, 1)
    params = list(net.parameters())
    out = []
    for _ in range(8):  # <- fault
        loss = nn.functional.mse_loss(net(x), y)
        loss.backward()  # <- fault
        with torch.no_grad():
            torch._foreach_add_(params, [p.grad for p in params], alpha=-0.05)  # <- fault
        out.append(loss.item())
    return out
