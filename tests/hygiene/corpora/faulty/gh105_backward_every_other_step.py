# expect: GH105
# Fault: backward runs on even steps only, the update runs on every step with the old gradient.
import torch


def run():
    torch.manual_seed(0)
    x = torch.linspace(-1, 1, 20)
    y = x + 1
    w = torch.zeros((), requires_grad=True)
    b = torch.zeros((), requires_grad=True)
    for step in range(8):
        if step % 2 == 0:  # <- fault
            w.grad = b.grad = None
            loss = (w * x + b - y).square().mean()
            loss.backward()  # <- fault
        with torch.no_grad():
            w -= 0.1 * w.grad  # <- fault
            b -= 0.1 * b.grad  # <- fault
