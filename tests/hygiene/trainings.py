"""A training by hand that is recorded."""

from __future__ import annotations

import torch


def train(steps: int = 4, clear: bool = True) -> list[float]:
    w = torch.tensor(1.0, requires_grad=True)
    losses = []
    for _ in range(steps):
        loss = (w * 2.0 - 1.0) ** 2
        loss.backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
        if clear:
            w.grad = None
        losses.append(loss.item())
    return losses
