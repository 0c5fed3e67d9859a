# expect: GH301
# Fault: .item() turns the loss into a number; wrapping it again does not bring the graph back.
import torch


def run():
    torch.manual_seed(0)
    x = torch.linspace(-1, 1, 20)
    y = 2 * x
    w = torch.zeros(1, requires_grad=True)
    for _ in range(6):
        value = ((w * x - y) ** 2).mean().item()  # <- fault
        loss = torch.tensor(value, requires_grad=True)
        loss.backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
            w.grad = None
