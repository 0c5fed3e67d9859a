# expect: GH202
# Fault: the attribute is bound to a new tensor and loses requires_grad.
import torch


class Line:
    def __init__(self):
        self.slope = torch.tensor(0.0, requires_grad=True)

    def fit_once(self, x, y):
        loss = torch.mean((self.slope * x - y) ** 2)
        loss.backward()
        with torch.no_grad():
            self.slope = self.slope - 0.2 * self.slope.grad  # <- fault
        return loss.item()


def run():
    torch.manual_seed(0)
    x = torch.randn(20)
    line = Line()
    return [line.fit_once(x, 1.5 * x) for _ in range(6)]
