# expect: GH202
# Fault: `w = w - ...` under no_grad makes a new tensor that does not require grad.
import torch


def run():
    torch.manual_seed(0)
    x = torch.linspace(-1, 1, 20)
    y = 3 * x + 1
    w = torch.zeros(1, requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    for _ in range(6):
        loss = ((w * x + b - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            w = w - 0.1 * w.grad  # <- fault
            b = b - 0.1 * b.grad  # <- fault
