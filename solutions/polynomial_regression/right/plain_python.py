# Right: Tasks 1 and 2 without tensor arithmetic: lists of floats, loops, Cramer's rule.

from __future__ import annotations

from collections.abc import Sequence

import torch


def _determinant(m):
    return (
        m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1])
        - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
        + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
    )


def generate_training_pairs(num: int = 100) -> tuple[torch.Tensor, torch.Tensor]:
    """Return inputs x and targets y, both float32 of shape (num,): the same ones at every call."""
    generator = torch.Generator().manual_seed(0)
    x = 2 * torch.rand(num, generator=generator)
    noise = torch.randn(num, generator=generator)
    y = x + 2 * (x - 0.9) ** 2 + 0.3 * torch.cos(20 * x) + 0.1 * noise
    return x, y


def regression_polynomial_second_order(x: torch.Tensor, y: torch.Tensor) -> tuple[float, float, float, float]:
    """Return (a, b, c, loss) of the parabola with the smallest mean squared error, solved exactly."""
    xs, ys = x.tolist(), y.tolist()
    moments = [sum(value**power for value in xs) for power in range(5)]
    matrix = [[moments[row + column] for column in range(3)] for row in range(3)]
    right = [sum(target * value**power for value, target in zip(xs, ys, strict=True)) for power in range(3)]
    found = []
    for column in range(3):
        replaced = [list(row) for row in matrix]
        for row in range(3):
            replaced[row][column] = right[row]
        found.append(_determinant(replaced) / _determinant(matrix))
    a, b, c = found
    loss = sum(
        (a + b * value + c * value * value - target) ** 2 for value, target in zip(xs, ys, strict=True)
    ) / len(xs)
    return a, b, c, loss


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
    points = list(zip(x.tolist(), y.tolist(), strict=True))
    count = len(points)
    loss = 0.0
    for _ in range(num_iterations):
        total = grad_a = grad_b = grad_c = 0.0
        for value, target in points:
            residual = a + b * value + c * value * value - target
            total += residual * residual
            grad_a += 2 * residual / count
            grad_b += 2 * residual * value / count
            grad_c += 2 * residual * value * value / count
        loss = total / count
        a, b, c = a - learning_rate * grad_a, b - learning_rate * grad_b, c - learning_rate * grad_c
    return a, b, c, loss


def regression_polynomial_second_order_via_gradient(
    x: torch.Tensor,
    y: torch.Tensor,
    learning_rate: float = 1e-2,
    num_iterations: int = 4000,
) -> tuple[float, float, float, float]:
    """Return (a, b, c, loss) after gradient descent with autograd, started from torch.manual_seed(1)."""
    torch.manual_seed(1)
    a = torch.randn((), requires_grad=True)
    b = torch.randn((), requires_grad=True)
    c = torch.randn((), requires_grad=True)
    loss = torch.zeros(())
    for _ in range(num_iterations):
        loss = ((a + b * x + c * x**2 - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            for parameter in (a, b, c):
                parameter -= learning_rate * parameter.grad
                parameter.grad = None
    return a.item(), b.item(), c.item(), loss.item()


def compare_learning_rates(
    x: torch.Tensor,
    y: torch.Tensor,
    learning_rates: Sequence[float] = (1e0, 1e-1, 1e-2, 1e-3),
    num_iterations: int = 4000,
) -> dict[float, tuple[float, float, float, float]]:
    """Return a dict from each learning rate to the (a, b, c, loss) that gradient descent reaches with it."""
    fits = {}
    for rate in learning_rates:
        fits[rate] = regression_polynomial_second_order_via_gradient(x, y, rate, num_iterations)
    return fits
