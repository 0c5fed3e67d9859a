# expect: GH101
# Fault: the class has a method that clears the gradients, but fit never calls it.
import torch


class Regression:
    def __init__(self, n_features):
        self.weight = torch.zeros(n_features, 1, requires_grad=True)
        self.bias = torch.zeros(1, requires_grad=True)

    def __call__(self, x):
        return x @ self.weight + self.bias

    def clear(self):
        self.weight.grad = self.bias.grad = None

    @torch.no_grad()
    def update(self, rate):
        self.weight -= rate * self.weight.grad  # <- fault
        self.bias -= rate * self.bias.grad  # <- fault

    def fit(self, x, y, steps):
        losses = []
        for _ in range(steps):  # <- fault
            loss = (self(x) - y).square().mean()
            loss.backward()  # <- fault
            self.update(0.1)  # <- fault
            losses.append(loss.item())
        return losses


def run():
    torch.manual_seed(0)
    x = torch.randn(40, 3)
    return Regression(3).fit(x, x[:, :1] + 0.5, steps=9)
