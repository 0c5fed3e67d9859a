"""`.item()` and f-strings print the loss and the parameters."""

import torch


def run():
    torch.manual_seed(0)
    x = torch.linspace(0, 1, 20)
    y = 3 * x - 1
    w = torch.zeros((), requires_grad=True)
    b = torch.zeros((), requires_grad=True)
    losses = []
    for step in range(8):
        loss = (w * x + b - y).square().mean()
        loss.backward()
        print(f"step {step}: loss {loss.item():.4f}, w = {w.item():.3f}, slope {w.grad.item():.3f}")
        with torch.no_grad():
            w -= 0.3 * w.grad
            b -= 0.3 * b.grad
            w.grad = b.grad = None
        losses.append(loss.item())
    return losses
