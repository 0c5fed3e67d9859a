# expect: GH201
# Fault: the update method lacks @torch.no_grad().
import torch


class Perceptron:
    def __init__(self, size):
        self.weights = torch.zeros(size, requires_grad=True)

    def loss(self, x, y):
        return torch.nn.functional.binary_cross_entropy_with_logits(x @ self.weights, y)

    def update(self, rate):
        self.weights.sub_(self.weights.grad, alpha=rate)  # <- fault
        self.weights.grad = None


def run():
    torch.manual_seed(0)
    x = torch.randn(24, 3)
    y = (x[:, 0] > 0).float()
    model = Perceptron(3)
    for _ in range(6):
        model.loss(x, y).backward()
        model.update(0.5)
