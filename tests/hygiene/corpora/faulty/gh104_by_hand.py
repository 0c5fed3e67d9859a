# expect: GH104
# Fault: the hand-written update uses the plain sum of the gradients of two mean losses.
import torch


def run():
    torch.manual_seed(0)
    x = torch.linspace(-1, 1, 40)
    y = 2 * x
    w = torch.zeros((), requires_grad=True)
    first, second = slice(0, 20), slice(20, 40)
    for _ in range(8):
        for part in (first, second):  # <- fault
            loss = ((w * x[part] - y[part]) ** 2).mean()  # <- fault
            loss.backward()  # <- fault
        with torch.no_grad():
            w -= 0.1 * w.grad  # <- fault
        w.grad = None
    return w.item()
