# expect: GH402
# Fault: backward is called a second time on the same loss.
import torch


def run():
    torch.manual_seed(0)
    x = torch.linspace(-1, 1, 20)
    y = 2 * x
    w = torch.zeros(1, requires_grad=True)
    for _ in range(6):
        loss = ((w * x - y) ** 2).mean()
        loss.backward()
        print("gradient", w.grad.item())
        loss.backward()  # <- fault
        with torch.no_grad():
            w -= 0.05 * w.grad
            w.grad = None
