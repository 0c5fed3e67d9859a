"""Adam written with torch._foreach operations over the parameters of a module."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x, y = torch.randn(24, 3), torch.randn(24, 1)
    net = nn.Linear(3, 1)
    params = list(net.parameters())
    m = [torch.zeros_like(p) for p in params]
    v = [torch.zeros_like(p) for p in params]
    history = []
    for t in range(1, 10):
        objective = nn.functional.mse_loss(net(x), y)
        objective.backward()
        with torch.no_grad():
            g = [p.grad for p in params]
            torch._foreach_lerp_(m, g, 0.1)
            torch._foreach_mul_(v, 0.99)
            torch._foreach_addcmul_(v, g, g, 0.01)
            root = torch._foreach_sqrt(torch._foreach_div(v, 1 - 0.99**t))
            torch._foreach_add_(root, 1e-8)
            torch._foreach_addcdiv_(params, m, root, -0.1 / (1 - 0.9**t))
        torch._foreach_zero_([p.grad for p in params])
        history.append(objective.item())
    return history
