# expect: GH102
# Fault: a and c are cleared, b is forgotten.
import torch


def run():
    torch.manual_seed(0)
    x = torch.linspace(-1, 1, 25)
    y = 2 * x**2 - 3 * x + 1
    a = torch.tensor(0.1, requires_grad=True)
    b = torch.tensor(0.1, requires_grad=True)
    c = torch.tensor(0.1, requires_grad=True)
    losses = []
    for _ in range(10):  # <- fault
        loss = ((a * x**2 + b * x + c - y) ** 2).mean()
        loss.backward()  # <- fault
        with torch.no_grad():
            a -= 0.1 * a.grad
            b -= 0.1 * b.grad  # <- fault
            c -= 0.1 * c.grad
        a.grad = None  # <- fault
        c.grad = None  # <- fault
        losses.append(loss.item())
    return losses
