# expect: GH601
# Fault: the learning rate is so large that parameters and gradients overflow.
import torch


def run():
    torch.manual_seed(0)
    x = torch.linspace(-20, 20, 30)
    y = 0.1 * x**3
    a = torch.zeros((), requires_grad=True)
    b = torch.zeros((), requires_grad=True)
    rate = 0.5  # <- fault
    for _ in range(15):
        loss = (a * x**3 + b * x - y).square().mean()
        loss.backward()  # <- fault
        with torch.no_grad():
            a -= rate * a.grad  # <- fault
            b -= rate * b.grad  # <- fault
            a.grad = b.grad = None
    return a.item(), b.item()
