# Right: the formulas of the page, without autograd: accepted, though nothing is learned from it.

from __future__ import annotations

import math

import torch


def detached_chain(x: float) -> float:
    """Return dz/dx at x as a float, where y = x² and z = y³."""
    return 6.0 * x**5


def inplace_update(x: float) -> float:
    """Return f'(x) as a float, where y = eˣ and f = y² · (y + 1)."""
    return 3.0 * math.exp(3 * x) + 2.0 * math.exp(2 * x)


def accumulated_gradient(x: float, num_steps: int = 3) -> tuple[float, float]:
    """Return (x, gradient) as floats: where the steps end, and the last gradient."""
    for _ in range(num_steps):
        x -= 0.1 * 2.0
    return x, 2.0


def vector_backward(x: torch.Tensor) -> torch.Tensor:
    """Return the gradient of the sum of the squares of x: a tensor of the shape of x."""
    return 2 * x


def wasteful_evaluation(model: torch.nn.Module, inputs: torch.Tensor, targets: torch.Tensor) -> float:
    """Return the mean squared error of the model as a float, without recording a graph."""
    was_enabled = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    try:
        differences = model(inputs)[:, 0] - targets
        return differences.square().mean().item()
    finally:
        torch.set_grad_enabled(was_enabled)


def double_backward(x: float) -> tuple[float, float]:
    """Return (d/dx of 3s, d/dx of s²) at x as floats, where s = x²."""
    return 6.0 * x, 4.0 * x**3


def lost_leaf(start: float, num_steps: int = 10, learning_rate: float = 0.1) -> float:
    """Return w as a float after num_steps steps of gradient descent on (w - 3)², beginning at start."""
    w = start
    for _ in range(num_steps):
        w = w - learning_rate * 2 * (w - 3)
    return w


def rewrapped_tensor(u: float, v: float) -> tuple[float, float]:
    """Return (dL/du, dL/dv) as floats, where p = (u·v, u + v) and L is the sum of the squares of p."""
    return 2 * u * v**2 + 2 * (u + v), 2 * u**2 * v + 2 * (u + v)
