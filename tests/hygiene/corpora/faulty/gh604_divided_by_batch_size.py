# expect: GH604
# asked: learning_rate=0.5
# Fault: the gradient of a mean is divided by the number of points a second time.
import torch


class Regression:
    def __init__(self):
        self.theta = torch.zeros(2, requires_grad=True)

    def step(self, x, y, rate):
        self.theta.grad = None
        loss = (self.theta[0] * x + self.theta[1] - y).square().mean()
        loss.backward()
        with torch.no_grad():
            self.theta.sub_(self.theta.grad, alpha=rate / len(x))  # <- fault
        return loss.item()


def run():
    torch.manual_seed(0)
    x = torch.linspace(-1, 1, 10)
    model = Regression()
    return [model.step(x, 3 * x - 1, 0.5) for _ in range(8)]
