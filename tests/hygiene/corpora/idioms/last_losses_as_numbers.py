"""A window of the last losses, the best one and every tenth one: all of them numbers or detached."""

from collections import deque

import torch


def run():
    torch.manual_seed(0)
    w = torch.tensor(1.0, requires_grad=True)
    last, kept, best, losses = deque(maxlen=5), [], None, []
    for k in range(60):
        loss = (w * 2 - 1) ** 2
        if best is None or loss < best:
            best = loss.detach()
        last.append(loss.detach())
        if k % 10 == 0:
            kept.append(loss.detach().clone())
        loss.backward()
        with torch.no_grad():
            w -= 0.01 * w.grad
        w.grad = None
        losses.append(torch.stack(list(last)).mean().item())
    return losses
