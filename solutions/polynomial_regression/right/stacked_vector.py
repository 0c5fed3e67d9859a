# Right: One parameter vector, its gradient zeroed in place at the start of the loop; matrix form by hand.

from __future__ import annotations

from collections.abc import Sequence

import torch


def generate_training_pairs(num: int = 100) -> tuple[torch.Tensor, torch.Tensor]:
    """Return inputs x and targets y, both float32 of shape (num,): the same ones at every call."""
    generator = torch.Generator().manual_seed(0)
    x = 2 * torch.rand(num, generator=generator)
    noise = torch.randn(num, generator=generator)
    y = x + 2 * (x - 0.9) ** 2 + 0.3 * torch.cos(20 * x) + 0.1 * noise
    return x, y


def regression_polynomial_second_order(x: torch.Tensor, y: torch.Tensor) -> tuple[float, float, float, float]:
    """Return (a, b, c, loss) of the parabola with the smallest mean squared error, solved exactly."""
    matrix = torch.stack([torch.ones_like(x), x, x * x], dim=1)
    w = torch.linalg.pinv(matrix) @ y
    return (*w.tolist(), (matrix @ w - y).square().mean().item())


def regression_polynomial_second_order_manual(
    x: torch.Tensor,
    y: torch.Tensor,
    a: float,
    b: float,
    c: float,
    learning_rate: float = 1e-2,
    num_iterations: int = 4000,
) -> tuple[float, float, float, float]:
    """Return (a, b, c, loss) after gradient descent from the floats a, b, c, with hand-derived gradients."""
    matrix = torch.stack([torch.ones_like(x), x, x * x], dim=1)
    hessian = 2 / len(x) * matrix.T @ matrix
    slope = 2 / len(x) * matrix.T @ y
    w = torch.tensor([a, b, c])
    previous = w
    for _ in range(num_iterations):
        previous = w
        w = w - learning_rate * (hessian @ w - slope)
    loss = (matrix @ previous - y).square().mean()
    return (*w.tolist(), loss.item())


def regression_polynomial_second_order_via_gradient(
    x: torch.Tensor,
    y: torch.Tensor,
    learning_rate: float = 1e-2,
    num_iterations: int = 4000,
) -> tuple[float, float, float, float]:
    """Return (a, b, c, loss) after gradient descent with autograd, started from torch.manual_seed(1)."""
    torch.manual_seed(1)
    start = [torch.randn(()), torch.randn(()), torch.randn(())]
    w = torch.stack(start).requires_grad_()
    powers = torch.stack([torch.ones_like(x), x, x**2])
    loss = torch.zeros(())
    for _ in range(num_iterations):
        if w.grad is not None:
            w.grad.zero_()
        loss = torch.mean((w @ powers - y) ** 2)
        loss.backward()
        with torch.no_grad():
            w.sub_(w.grad, alpha=learning_rate)
    return (*w.detach().tolist(), loss.item())


def compare_learning_rates(
    x: torch.Tensor,
    y: torch.Tensor,
    learning_rates: Sequence[float] = (1e0, 1e-1, 1e-2, 1e-3),
    num_iterations: int = 4000,
) -> dict[float, tuple[float, float, float, float]]:
    """Return a dict from each learning rate to the (a, b, c, loss) that gradient descent reaches with it."""
    runs = [
        regression_polynomial_second_order_via_gradient(x, y, rate, num_iterations) for rate in learning_rates
    ]
    return dict(zip(learning_rates, runs, strict=True))
