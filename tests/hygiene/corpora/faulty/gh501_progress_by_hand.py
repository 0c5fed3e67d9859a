# expect: GH501
# Fault: the largest error is computed from a second, recorded prediction.
import torch


def run():
    torch.manual_seed(0)
    x = torch.linspace(-1, 1, 20)
    y = 2 * x + 1
    w = torch.zeros((), requires_grad=True)
    b = torch.zeros((), requires_grad=True)
    errors = []
    for _ in range(8):
        loss = (w * x + b - y).square().mean()
        loss.backward()
        with torch.no_grad():
            w -= 0.2 * w.grad
            b -= 0.2 * b.grad
            w.grad = b.grad = None
        errors.append((w * x + b - y).abs().max().item())  # <- fault
    return errors
