# expect: GH201
# Fault: `w -= ...` without torch.no_grad(): PyTorch refuses to change a leaf in place.
import torch


def run():
    torch.manual_seed(0)
    x = torch.linspace(-1, 1, 20)
    y = 3 * x
    w = torch.zeros(1, requires_grad=True)
    for _ in range(6):
        loss = ((w * x - y) ** 2).mean()
        loss.backward()
        w -= 0.1 * w.grad  # <- fault
        w.grad = None
