# expect: GH203
# Fault: the update goes through .data, which hides it from autograd.
import torch


def run():
    torch.manual_seed(0)
    x = torch.linspace(-1, 1, 20)
    y = 2 * x - 1
    w = torch.zeros(1, requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    for _ in range(10):
        loss = ((w * x + b - y) ** 2).mean()
        loss.backward()
        w.data -= 0.1 * w.grad  # <- fault
        b.data -= 0.1 * b.grad  # <- fault
        w.grad = b.grad = None
