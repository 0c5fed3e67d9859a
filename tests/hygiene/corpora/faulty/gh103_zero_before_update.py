# expect: GH103
# Fault: the gradient is zeroed one line too early; the updates subtract zero.
import torch


def run():
    torch.manual_seed(0)
    x = torch.linspace(0, 1, 20)
    y = 4 * x - 2
    w = torch.ones((), requires_grad=True)
    b = torch.ones((), requires_grad=True)
    for _ in range(10):
        loss = ((w * x + b - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            w.grad.zero_()  # <- fault
            b.grad.zero_()  # <- fault
            w -= 0.5 * w.grad
            b -= 0.5 * b.grad
