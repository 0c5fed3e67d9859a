# expect: GH202
# Fault: both parameters are replaced, retain_grad() keeps them going.
import torch


def run():
    torch.manual_seed(0)
    x = torch.linspace(-1, 1, 20)
    y = 2 * x + 1
    a = torch.zeros(1, requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    for k in range(12):
        l = (a * x + b - y).square().mean()
        l.backward()
        a = a - 0.1 * a.grad  # <- fault
        b = b - 0.1 * b.grad  # <- fault
        a.retain_grad()
        b.retain_grad()
