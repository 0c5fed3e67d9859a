"""MAML with eight inner steps, second order, and the accuracy of the adapted weights beside."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    weights = nn.ParameterList([nn.Parameter(0.1 * torch.randn(2, 5)), nn.Parameter(torch.zeros(2))])
    optimizer = torch.optim.SGD(weights.parameters(), lr=0.2)
    losses = []
    for _ in range(10):
        outer, right = [], 0
        for shift in (0.3, -0.3):
            x = torch.randn(32, 5)
            y = (x[:, 0] + x[:, 1] > shift).long()
            fast = list(weights)
            for _ in range(8):
                inner = nn.functional.cross_entropy(nn.functional.linear(x[:16], *fast), y[:16])
                grads = torch.autograd.grad(inner, fast, create_graph=True)
                fast = [w - 0.1 * g for w, g in zip(fast, grads)]
            logits = nn.functional.linear(x[16:], *fast)
            right += (logits.argmax(1) == y[16:]).sum().item()
            outer.append(nn.functional.cross_entropy(logits, y[16:]))
        loss = sum(outer) / len(outer)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
