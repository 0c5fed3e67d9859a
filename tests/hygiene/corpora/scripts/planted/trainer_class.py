# expect: GH103
# Fault: the gradients are cleared after clipping, just before the step.
"""A trainer class with gradient clipping, a schedule and early stopping, on the diabetes data."""

from dataclasses import dataclass, field

import torch
from sklearn.datasets import load_diabetes
from torch import nn


@dataclass
class Settings:
    rate: float = 0.05
    steps: int = 60
    max_norm: float = 5.0
    patience: int = 10


@dataclass
class History:
    train: list = field(default_factory=list)
    validation: list = field(default_factory=list)


class Trainer:
    def __init__(self, model, settings):
        self.model = model
        self.settings = settings
        self.loss_function = nn.SmoothL1Loss()
        self.optimizer = torch.optim.SGD(model.parameters(), lr=settings.rate, momentum=0.8)
        self.schedule = torch.optim.lr_scheduler.CosineAnnealingLR(self.optimizer, settings.steps)
        self.history = History()

    def train_step(self, x, y):
        self.model.train()
        loss = self.loss_function(self.model(x), y)
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), self.settings.max_norm)
        self.optimizer.zero_grad()  # <- fault
        self.optimizer.step()
        self.schedule.step()
        return loss.item()

    @torch.no_grad()
    def validate(self, x, y):
        self.model.eval()
        return self.loss_function(self.model(x), y).item()

    def fit(self, train, validation):
        best, waited = float("inf"), 0
        for _ in range(self.settings.steps):
            self.history.train.append(self.train_step(*train))
            score = self.validate(*validation)
            self.history.validation.append(score)
            best, waited = (score, 0) if score < best else (best, waited + 1)
            if waited > self.settings.patience:
                break
        return self.history


def main():
    torch.manual_seed(0)
    table, target = load_diabetes(return_X_y=True, scaled=True)
    x = torch.tensor(table * 20, dtype=torch.float32)
    y = torch.tensor((target - target.mean()) / target.std(), dtype=torch.float32).unsqueeze(1)
    model = nn.Sequential(nn.Linear(10, 16), nn.Tanh(), nn.Dropout(0.1), nn.Linear(16, 1))
    history = Trainer(model, Settings()).fit((x[:350], y[:350]), (x[350:], y[350:]))
    print(f"{len(history.train)} steps: {history.train[0]:.4f} -> {history.train[-1]:.4f}")
    print(f"best validation loss {min(history.validation):.4f}")


if __name__ == "__main__":
    main()
