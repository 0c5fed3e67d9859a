# expect: GH404
# Fault: the history keeps the loss tensors with their graphs instead of their values.
import torch


def run():
    torch.manual_seed(0)
    x = torch.linspace(-1, 1, 20)
    y = x**2
    a = torch.zeros((), requires_grad=True)
    b = torch.zeros((), requires_grad=True)
    losses = []
    for _ in range(12):
        loss = (a * x**2 + b - y).square().mean()
        loss.backward()
        with torch.no_grad():
            a -= 0.2 * a.grad
            b -= 0.2 * b.grad
        a.grad = b.grad = None
        losses.append(loss)  # <- fault
    return [value.item() for value in losses]
