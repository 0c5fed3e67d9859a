"""backward, then a rebinding by detach().clone().requires_grad_(True): the fresh leaf has no gradient."""

import torch


def run():
    torch.manual_seed(0)
    x = torch.randn(25)
    y = 0.5 * x + 1
    w = torch.tensor([0.0, 0.0], requires_grad=True)
    losses = []
    for _ in range(8):
        loss = (w[0] * x + w[1] - y).square().mean()
        loss.backward()
        step = 0.2 * w.grad
        w = (w.detach() - step).clone().requires_grad_(True)
        losses.append(loss.item())
    return losses
