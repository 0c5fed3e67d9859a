# expect: GH204
# Fault: the optimizer is built from the original model, but the trainer trains a deep copy of it.
import copy

import torch
from torch import nn


class Trainer:
    def __init__(self, model, lr=0.05):
        self.optimizer = torch.optim.SGD(model.parameters(), lr=lr)  # <- fault
        self.model = copy.deepcopy(model)  # <- fault

    def step(self, x, y):
        self.model.zero_grad()
        loss = nn.functional.mse_loss(self.model(x), y)
        loss.backward()
        self.optimizer.step()
        return loss.item()


def run():
    torch.manual_seed(25)
    x = torch.randn(16, 2)
    y = x[:, :1] - 2 * x[:, 1:]
    trainer = Trainer(nn.Linear(2, 1))
    return [trainer.step(x, y) for _ in range(10)]
