# expect: GH604
# asked: learning_rate=0.1
# Fault: the learning rate is multiplied in twice, so the steps are ten times too small.
import torch


def run():
    torch.manual_seed(0)
    x = torch.linspace(-1, 1, 20)
    y = 2 * x
    w = torch.zeros((), requires_grad=True)
    rate = 0.1
    for _ in range(8):
        loss = (w * x - y).square().mean()
        loss.backward()
        with torch.no_grad():
            step = rate * w.grad
            w -= rate * step  # <- fault
        w.grad = None
    return w.item()
