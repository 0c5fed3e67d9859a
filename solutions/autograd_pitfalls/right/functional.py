# Right: torch.func and torch.autograd.grad; no `.grad` is ever used.

from __future__ import annotations

import torch


def detached_chain(x: float) -> float:
    """Return dz/dx at x as a float, where y = x² and z = y³."""
    return torch.func.grad(lambda value: (value**2) ** 3)(torch.tensor(x)).item()


def inplace_update(x: float) -> float:
    """Return f'(x) as a float, where y = eˣ and f = y² · (y + 1)."""

    def f(value: torch.Tensor) -> torch.Tensor:
        y = torch.exp(value)
        return y**2 * (y + 1)

    return torch.func.grad(f)(torch.tensor(x)).item()


def accumulated_gradient(x: float, num_steps: int = 3) -> tuple[float, float]:
    """Return (x, gradient) as floats: where the steps end, and the last gradient."""
    value = torch.tensor(x)
    for _ in range(num_steps):
        value = value.detach().requires_grad_(True)
        (gradient,) = torch.autograd.grad(2 * value, value)
        value = value.detach() - 0.1 * gradient
    return value.item(), gradient.item()


def vector_backward(x: torch.Tensor) -> torch.Tensor:
    """Return the gradient of the sum of the squares of x: a tensor of the shape of x."""
    leaf = x.detach().clone().requires_grad_(True)
    (gradient,) = torch.autograd.grad((leaf * leaf).sum(), leaf)
    return gradient


def wasteful_evaluation(model: torch.nn.Module, inputs: torch.Tensor, targets: torch.Tensor) -> float:
    """Return the mean squared error of the model as a float, without recording a graph."""
    with torch.inference_mode():
        return torch.nn.functional.mse_loss(model(inputs), targets.reshape(-1, 1)).item()


def double_backward(x: float) -> tuple[float, float]:
    """Return (d/dx of 3s, d/dx of s²) at x as floats, where s = x²."""
    leaf = torch.tensor(x, requires_grad=True)
    s = leaf**2
    (first,) = torch.autograd.grad(3 * s, leaf, retain_graph=True)
    (second,) = torch.autograd.grad(s**2, leaf)
    return first.item(), second.item()


def lost_leaf(start: float, num_steps: int = 10, learning_rate: float = 0.1) -> float:
    """Return w as a float after num_steps steps of gradient descent on (w - 3)², beginning at start."""
    w = torch.tensor(start)
    slope = torch.func.grad(lambda value: (value - 3) ** 2)
    for _ in range(num_steps):
        w = w - learning_rate * slope(w)
    return w.item()


def rewrapped_tensor(u: float, v: float) -> tuple[float, float]:
    """Return (dL/du, dL/dv) as floats, where p = (u·v, u + v) and L is the sum of the squares of p."""

    def length(first: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
        return torch.stack([first * second, first + second]).square().sum()

    one, other = torch.func.grad(length, argnums=(0, 1))(torch.tensor(u), torch.tensor(v))
    return one.item(), other.item()
