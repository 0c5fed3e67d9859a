# expect: GH505
# Fault: the inputs require grad for no reason; their gradient is computed and never used.
import torch


def run():
    torch.manual_seed(0)
    x = torch.linspace(-1, 1, 20, requires_grad=True)  # <- fault
    y = 2 * x.detach() + 1
    w = torch.zeros((), requires_grad=True)
    b = torch.zeros((), requires_grad=True)
    for _ in range(8):
        loss = (w * x + b - y).square().mean()  # <- fault
        loss.backward()  # <- fault
        with torch.no_grad():
            w -= 0.2 * w.grad
            b -= 0.2 * b.grad
            w.grad = b.grad = None
