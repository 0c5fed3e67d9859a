# Fault: The losses of the training are computed after the update of their epoch.
# fails: test_training_returns_the_losses_of_two_points, test_training_with_other_settings[network],
#        test_training_with_other_settings[one_point], test_training_goes_on

from __future__ import annotations

import torch
from torch import nn


def make_table(num: int = 100, seed: int = 42) -> tuple[torch.Tensor, torch.Tensor]:
    """Return X of shape (num, 2) and y = X w_true of shape (num,), where w_true is (1, -0.5)."""
    X = torch.randn(num, 2, generator=torch.Generator().manual_seed(seed))
    return X, X @ torch.tensor([1.0, -0.5])


def make_line(num: int = 100, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Return x and y of shape (num, 1): points near the line 2x - 1, with x evenly spaced on [-5, 5]."""
    x = torch.linspace(-5, 5, num).reshape(num, 1)
    return x, 2 * x - 1 + 0.5 * torch.randn(num, 1, generator=torch.Generator().manual_seed(seed))


X_EXAMPLE = torch.tensor([[1.0, 2.0], [1.0, -2.0], [1.0, -2.0], [1.0, 2.0]])
Y_EXAMPLE = torch.tensor([6.0, -2.0, 0.0, 4.0])


def manual_gradient(X: torch.Tensor, y: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
    """Return the gradient of ½·mean((Xw - y)²) at w, shape (d,), by its formula."""
    return X.T @ (X @ w - y) / len(X)


def step_size(X: torch.Tensor) -> float:
    """Return 1.8·n/σ², where n is the number of rows of X and σ its largest singular value."""
    return 1.8 * len(X) / torch.linalg.matrix_norm(X, ord=2).item() ** 2


def gradient_descent_manual(
    X: torch.Tensor, y: torch.Tensor, alpha: float, num_steps: int
) -> tuple[torch.Tensor, list[float], list[torch.Tensor]]:
    """Return (w, losses, ws) of num_steps steps of gradient descent from w = 0, with manual_gradient.

    w is the result of the last update; losses and ws have one entry per step, recorded before its update.
    """
    w = torch.zeros(X.shape[1])
    losses, ws = [], []
    for _ in range(num_steps):
        losses.append(((X @ w - y) ** 2).mean().item() / 2)
        ws.append(w.clone())
        w -= alpha * manual_gradient(X, y, w)
    return w, losses, ws


def gradient_descent_autograd(
    X: torch.Tensor, y: torch.Tensor, alpha: float, num_steps: int
) -> tuple[torch.Tensor, list[float], list[torch.Tensor]]:
    """Return (w, losses, ws) of the walk of gradient_descent_manual, where autograd finds the gradient."""
    w = torch.zeros(X.shape[1], requires_grad=True)
    losses, ws = [], []
    for _ in range(num_steps):
        loss = ((X @ w - y) ** 2).mean() / 2
        losses.append(loss.item())
        ws.append(w.detach().clone())
        loss.backward()
        with torch.no_grad():
            w -= alpha * w.grad
        w.grad = None
    return w.detach(), losses, ws


class LinearModel(nn.Module):
    """The line weight·x + bias with two parameters of a single number; the output has the shape of the input."""

    def __init__(self) -> None:
        """Make the parameters weight and bias, both 0."""
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(()))
        self.bias = nn.Parameter(torch.zeros(()))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return weight·x + bias for each number of x."""
        return self.weight * x + self.bias


def train_linear_model(
    model: nn.Module, x: torch.Tensor, y: torch.Tensor, learning_rate: float = 0.01, num_epochs: int = 100
) -> list[float]:
    """Return the mean squared error of each epoch, before its update, as floats; trains the model in place."""
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses = []
    for _ in range(num_epochs):
        loss = nn.functional.mse_loss(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            losses.append(nn.functional.mse_loss(model(x), y).item())
    return losses
