"""A class with its own zero_grad and step, in the style of torch.optim."""

import torch


class Descent:
    def __init__(self, params, rate):
        self.params, self.rate = list(params), rate

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        for p in self.params:
            p -= self.rate * p.grad


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 2)
    y = x @ torch.tensor([1.0, 3.0]) - 1
    w = torch.zeros(2, requires_grad=True)
    b = torch.zeros((), requires_grad=True)
    optimizer = Descent([w, b], 0.1)
    losses = []
    for _ in range(8):
        optimizer.zero_grad()
        loss = (x @ w + b - y).square().mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
