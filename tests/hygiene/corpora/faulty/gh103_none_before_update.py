# expect: GH103
# Fault: `.grad = None` comes before the update, which then has nothing to subtract and crashes.
import torch


def run():
    torch.manual_seed(0)
    x = torch.linspace(-1, 1, 10)
    y = x.abs()
    a = torch.tensor(1.0, requires_grad=True)
    for _ in range(6):
        loss = ((a * x**2 - y) ** 2).mean()
        loss.backward()
        a.grad = None  # <- fault
        with torch.no_grad():
            a -= 0.1 * a.grad
