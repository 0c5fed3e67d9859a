# Fault: The hand-derived gradients lack the factor 2 of the square.
# fails: test_manual_first_update, test_manual_first_steps, test_manual_after_100_iterations, test_manual_by_default,
#        test_manual_steps_on_other_data, test_manual_contracts_as_theory_says,
#        test_manual_makes_all_iterations_of_a_long_run

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
    matrix = torch.stack([torch.ones_like(x), x, x**2], dim=1).double()
    coefficients = torch.linalg.solve(matrix.T @ matrix, matrix.T @ y.double())
    loss = ((matrix @ coefficients - y) ** 2).mean()
    a, b, c = coefficients.tolist()
    return a, b, c, loss.item()


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
    loss = 0.0
    for _ in range(num_iterations):
        residuals = a + b * x + c * x**2 - y
        loss = (residuals**2).mean().item()
        grad_a = residuals.mean().item()
        grad_b = (residuals * x).mean().item()
        grad_c = (residuals * x**2).mean().item()
        a = a - learning_rate * grad_a
        b = b - learning_rate * grad_b
        c = c - learning_rate * grad_c
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
