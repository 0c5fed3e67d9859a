# expect: GH301
# Fault: one of three parameters enters the loss as a number, and a guard hides that its gradient is missing.
import torch


def run():
    torch.manual_seed(0)
    x = torch.rand(20)
    y = 1 + x - x**2
    a, b, c = (torch.randn((), requires_grad=True) for _ in range(3))
    for _ in range(6):
        curve = c.item() * x**2  # <- fault
        loss = ((a + b * x + curve - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            for parameter in (a, b, c):
                if parameter.grad is not None:
                    parameter -= 0.1 * parameter.grad
                    parameter.grad = None
    return c.item()
