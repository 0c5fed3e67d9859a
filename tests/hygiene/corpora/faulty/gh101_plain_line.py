# expect: GH101
# Fault: the gradients of w and b are never cleared, so every step uses the sum of all earlier ones.
import torch


def run():
    torch.manual_seed(0)
    x = torch.linspace(-1, 1, 20)
    y = 3 * x + 1
    w = torch.zeros(1, requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    losses = []
    for _step in range(10):  # <- fault
        loss = ((w * x + b - y) ** 2).mean()
        loss.backward()  # <- fault
        with torch.no_grad():
            w -= 0.1 * w.grad  # <- fault
            b -= 0.1 * b.grad  # <- fault
        losses.append(loss.item())
    return losses
