"""A trainer class keeps model, optimizer and history together."""

import torch
from torch import nn


class Trainer:
    def __init__(self, model, rate):
        self.model = model
        self.optimizer = torch.optim.SGD(model.parameters(), lr=rate)
        self.history = []

    def training_step(self, x, y):
        return nn.functional.mse_loss(self.model(x), y)

    def fit(self, x, y, epochs):
        for _ in range(epochs):
            loss = self.training_step(x, y)
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            self.history.append(loss.item())
        return self

    @torch.no_grad()
    def predict(self, x):
        return self.model(x)


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 2)
    trainer = Trainer(nn.Linear(2, 1), 0.1).fit(x, x[:, :1] + 1, 8)
    assert trainer.predict(x).shape == (20, 1)
    return trainer.history
