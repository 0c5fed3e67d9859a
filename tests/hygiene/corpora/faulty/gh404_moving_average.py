# expect: GH404
# Fault: the moving average of the loss is a tensor that drags every earlier graph along.
import torch


class Meter:
    def __init__(self):
        self.average = None

    def update(self, loss):
        if self.average is None:
            self.average = loss  # <- fault
        else:
            self.average = 0.9 * self.average + 0.1 * loss  # <- fault


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 2)
    y = x[:, 0]
    w = torch.zeros(2, requires_grad=True)
    meter = Meter()
    for _ in range(12):
        loss = (x @ w - y).square().mean()
        loss.backward()
        meter.update(loss)  # <- fault
        with torch.no_grad():
            w -= 0.1 * w.grad
            w.grad = None
    return meter.average.item()
