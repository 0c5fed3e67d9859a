# expect: GH202
# Fault: the name moves to a new tensor in every step; retain_grad() hides it, and the graph grows.
import torch


def run():
    w = torch.tensor(1.0, requires_grad=True)
    losses = []
    for _ in range(15):
        loss = (w * 2 - 1) ** 2
        loss.backward()
        w = w - 0.1 * w.grad  # <- fault
        w.retain_grad()
        losses.append(loss.item())
    return losses
