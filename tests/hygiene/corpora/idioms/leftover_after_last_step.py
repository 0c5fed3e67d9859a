"""The clear stands at the start, so the gradients of the last step are left over at the end."""

import torch


def run():
    torch.manual_seed(0)
    x = torch.linspace(-1, 1, 20)
    y = 4 * x
    w = torch.zeros((), requires_grad=True)
    losses = []
    for step in range(6):
        if step > 0:
            w.grad.zero_()
        loss = (w * x - y).square().mean()
        loss.backward()
        with torch.no_grad():
            w -= 0.5 * w.grad
        losses.append(loss.item())
    assert w.grad is not None
    return losses
