"""`grad.zero_()` inside the no_grad block of the update."""

import torch


def run():
    torch.manual_seed(0)
    x = torch.randn(30, 3)
    y = x @ torch.tensor([1.0, -2.0, 0.5])
    theta = torch.zeros(3, requires_grad=True)
    losses = []
    for _ in range(8):
        loss = (x @ theta - y).pow(2).mean()
        loss.backward()
        with torch.no_grad():
            theta -= 0.1 * theta.grad
            theta.grad.zero_()
        losses.append(loss.item())
    return losses
