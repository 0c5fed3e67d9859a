# expect: GH302
# Fault: the penalty is built from .item(), so it changes the loss but not the gradient.
import torch


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 2)
    y = x @ torch.tensor([3.0, 0.0])
    w = torch.ones(2, requires_grad=True)
    losses = []
    for _ in range(8):
        penalty = 5.0 * (w**2).sum().item()  # <- fault
        loss = (x @ w - y).square().mean() + penalty
        loss.backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
            w.grad = None
        losses.append(loss.item())
    return losses
