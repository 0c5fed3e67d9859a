# Fault: The cross-entropy is summed over the rows instead of averaged.
# fails: test_training_example, test_training_on_other_data, test_training_goes_on, test_training_losses,
#        test_training_records_other_losses, test_network_separates_the_spirals,
#        test_logistic_model_reaches_the_smallest_loss

from __future__ import annotations

import math

import torch
from torch import nn

class NonlinearModel(nn.Module):
    """A network with one hidden layer of 10 tanh units, from (n, 1) to (n, 1)."""

    def __init__(self) -> None:
        """Make the two layers."""
        super().__init__()
        self.hidden = nn.Linear(1, 10)
        self.output = nn.Linear(10, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the predictions for x of shape (n, 1), shape (n, 1)."""
        return self.output(torch.tanh(self.hidden(x)))


def make_wave(num: int = 60, noise: float = 0.1, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Return inputs x of shape (num, 1) on [-3, 3] and targets sin(2x) of shape (num,), with a little noise."""
    generator = torch.Generator().manual_seed(seed)
    x = torch.linspace(-3, 3, num).reshape(-1, 1)
    return x, torch.sin(2 * x[:, 0]) + noise * torch.randn(num, generator=generator)


def train_regression(
    model: nn.Module, x: torch.Tensor, y: torch.Tensor, learning_rate: float, num_steps: int
) -> list[float]:
    """Return the losses of num_steps steps of gradient descent, as floats; trains the model in place.

    x has the shape (n, d), y has the shape (n,), the model's output (n, 1). The loss is the mean squared error over
    all rows, recorded before the update of its step.
    """
    losses = []
    for _ in range(num_steps):
        predictions = model(x)
        loss = nn.functional.mse_loss(predictions, y.reshape(predictions.shape))
        losses.append(loss.item())
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= learning_rate * parameter.grad
    return losses


class NeuralClassifier(nn.Module):
    """A network with one hidden layer of tanh units and a sigmoid at the end, from (n, 2) to (n, 1)."""

    def __init__(self, hidden_size: int = 10) -> None:
        """Make the two layers, with hidden_size hidden units."""
        super().__init__()
        self.hidden = nn.Linear(2, hidden_size)
        self.output = nn.Linear(hidden_size, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the probabilities of class 1 for x of shape (n, 2), shape (n, 1)."""
        return torch.sigmoid(self.output(torch.tanh(self.hidden(x))))


def make_spirals(num_per_class: int = 200, noise: float = 0.05, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Return points of shape (2n, 2) on two spirals with one turn each, and their labels 0 and 1 of shape (2n, 1).

    The second arm is the first one turned by half a circle; n is num_per_class.
    """
    generator = torch.Generator().manual_seed(seed)
    turn = torch.rand(num_per_class, generator=generator).sqrt()
    angle = 2 * math.pi * turn
    arm = 2 * torch.stack([turn * torch.cos(angle), turn * torch.sin(angle)], dim=1)
    X = torch.cat([arm, -arm])
    X = X + noise * torch.randn(X.shape, generator=generator)
    return X, torch.cat([torch.zeros(num_per_class, 1), torch.ones(num_per_class, 1)])


def train_classifier(
    model: nn.Module, X: torch.Tensor, y: torch.Tensor, learning_rate: float, num_steps: int
) -> list[float]:
    """Return the losses of num_steps steps of gradient descent, as floats; trains the model in place.

    X has the shape (n, d), the labels y have the shape (n, 1) and are 0 or 1, the model's output (n, 1) are
    probabilities. The loss is the binary cross-entropy, averaged over all rows and recorded before the update of its
    step.
    """
    losses = []
    for _ in range(num_steps):
        loss = nn.functional.binary_cross_entropy(model(X), y, reduction="sum")
        losses.append(loss.item())
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= learning_rate * parameter.grad
    return losses


