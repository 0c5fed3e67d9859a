"""First-order MAML on one number: the inner steps subtract gradients that have no graph."""

import torch


def run():
    w = torch.tensor(2.0, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.05)
    losses = []
    for _ in range(8):
        fast = w
        for _ in range(3):
            (slope,) = torch.autograd.grad((fast - 1) ** 2, fast)
            fast = fast - 0.1 * slope
        loss = (fast - 1) ** 2
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
