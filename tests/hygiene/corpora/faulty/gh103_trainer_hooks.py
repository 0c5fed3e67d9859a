# expect: GH103
# Fault: the trainer's after_backward hook clears the gradients before the optimizer has used them.
import torch
from torch import nn


class Trainer:
    def __init__(self, model, rate):
        self.model = model
        self.optimizer = torch.optim.SGD(model.parameters(), lr=rate, momentum=0.9)
        self.log = []

    def after_backward(self, loss):
        self.log.append(loss.item())
        self.optimizer.zero_grad()  # <- fault

    def fit(self, x, y, steps):
        for _ in range(steps):
            loss = (self.model(x) - y).abs().mean()
            loss.backward()
            self.after_backward(loss)
            self.optimizer.step()
        return self.log


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 3)
    return Trainer(nn.Linear(3, 1), 0.1).fit(x, x[:, 1:2], 7)
