# expect: GH504
# Fault: the caller's data are standardized in place.
import torch


def arguments():
    generator = torch.Generator().manual_seed(0)
    x = 3 + torch.randn(20, generator=generator)
    return x, 2 * x


def run(x, y):
    x -= x.mean()  # <- fault
    w = torch.zeros((), requires_grad=True)
    b = torch.zeros((), requires_grad=True)
    for _ in range(7):
        loss = (w * x + b - y).square().mean()
        loss.backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
            b -= 0.1 * b.grad
        w.grad = b.grad = None
    return w.item(), b.item()
