# expect: GH404
# Fault: the trainer adds the loss tensor of every batch to self.epoch_loss.
import torch
from torch import nn


class Trainer:
    def __init__(self):
        self.model = nn.Linear(3, 2)
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.2)
        self.epoch_loss = torch.zeros(())

    def batch(self, x, y):
        self.optimizer.zero_grad()
        loss = nn.functional.cross_entropy(self.model(x), y)
        loss.backward()
        self.optimizer.step()
        self.epoch_loss = self.epoch_loss + loss * len(x)  # <- fault


def run():
    torch.manual_seed(0)
    x = torch.randn(60, 3)
    y = (x[:, 0] > 0).long()
    trainer = Trainer()
    for xb, yb in zip(x.split(5), y.split(5), strict=True):
        trainer.batch(xb, yb)
    return trainer.epoch_loss.item() / 60
