"""Decaying learning rate, step count and best value are plain Python numbers."""

import torch


def run():
    torch.manual_seed(0)
    x = torch.randn(24, 2)
    y = (x @ torch.tensor([1.0, -1.0]) > 0).float()
    w = torch.zeros(2, requires_grad=True)
    losses, best = [], float("inf")
    for k in range(8):
        loss = torch.nn.functional.binary_cross_entropy_with_logits(x @ w, y)
        loss.backward()
        rate = 1.0 / (1 + 0.1 * k)
        with torch.no_grad():
            w -= rate * w.grad
            accuracy = ((x @ w > 0).float() == y).float().mean().item()
        w.grad = None
        best = min(best, loss.item())
        losses.append(loss.item())
    assert best == min(losses) and accuracy > 0.8
    return losses
