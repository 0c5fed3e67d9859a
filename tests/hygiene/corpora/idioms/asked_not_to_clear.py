# ignore: GH101
"""An exercise that asks for uncleared gradients, to show that they act like a heavy momentum."""

import torch


def run():
    w = torch.tensor(2.0, requires_grad=True)
    losses = []
    for _ in range(6):
        loss = w**2
        loss.backward()
        with torch.no_grad():
            w -= 0.02 * w.grad
        losses.append(loss.item())
    return losses
