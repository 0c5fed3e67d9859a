"""`torch._foreach_zero_` clears all the gradients at once."""

import torch


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 2)
    y = x.prod(dim=1, keepdim=True)
    params = [torch.randn(2, 6) * 0.5, torch.zeros(6), torch.randn(6, 1) * 0.5]
    for p in params:
        p.requires_grad_()
    losses = []
    for _ in range(8):
        w1, b1, w2 = params
        loss = (torch.tanh(x @ w1 + b1) @ w2 - y).square().mean()
        loss.backward()
        gradients = [p.grad for p in params]
        with torch.no_grad():
            torch._foreach_add_(params, gradients, alpha=-0.1)
        torch._foreach_zero_(gradients)
        losses.append(loss.item())
    return losses
