# expect: GH201
# Fault: torch.no_grad() is called as a statement; without `with` it switches nothing off.
import torch


def run():
    torch.manual_seed(0)
    x = torch.randn(15)
    y = 2 * x - 1
    w = torch.tensor(0.5, requires_grad=True)
    b = torch.tensor(0.5, requires_grad=True)
    for _ in range(6):
        loss = torch.mean((w * x + b - y) ** 2)
        loss.backward()
        torch.no_grad()
        w -= 0.1 * w.grad  # <- fault
        b -= 0.1 * b.grad
        w.grad = b.grad = None
