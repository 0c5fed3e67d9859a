# Right: the smallest repair that each function allows, in other ways than the reference.

from __future__ import annotations

import torch


def detached_chain(x: float) -> float:
    """Return dz/dx at x as a float, where y = x² and z = y³."""
    leaf = torch.tensor(x, requires_grad=True)
    y = leaf**2
    z = y**3
    z.backward()
    return leaf.grad.item()


def inplace_update(x: float) -> float:
    """Return f'(x) as a float, where y = eˣ and f = y² · (y + 1)."""
    leaf = torch.tensor(x, requires_grad=True)
    y = torch.exp(leaf)
    square = y**2
    y = y + 1
    f = square * y
    f.backward()
    return leaf.grad.item()


def accumulated_gradient(x: float, num_steps: int = 3) -> tuple[float, float]:
    """Return (x, gradient) as floats: where num_steps steps down 2x with the rate 0.1 end, and the last gradient.

    num_steps is at least 1.
    """
    leaf = torch.tensor(x, requires_grad=True)
    for _ in range(num_steps):
        y = 2 * leaf
        y.backward()
        gradient = leaf.grad.item()
        with torch.no_grad():
            leaf -= 0.1 * leaf.grad
        leaf.grad.zero_()
    return leaf.item(), gradient


def vector_backward(x: torch.Tensor) -> torch.Tensor:
    """Return the gradient of the sum of the squares of x: a tensor of the shape of x.

    x is a float32 tensor of any shape.
    """
    leaf = x.clone().requires_grad_(True)
    squares = leaf**2
    squares.backward(torch.ones_like(squares))
    return leaf.grad


@torch.no_grad()
def wasteful_evaluation(model: torch.nn.Module, inputs: torch.Tensor, targets: torch.Tensor) -> float:
    """Return the mean squared error of the model as a float, without recording a graph.

    inputs has the shape (n, d), targets (n,), the model's output (n, 1).
    """
    predictions = model(inputs).flatten()
    loss = ((predictions - targets) ** 2).mean()
    return loss.item()


def double_backward(x: float) -> tuple[float, float]:
    """Return (d/dx of 3s, d/dx of s²) at x as floats, where s = x²."""
    leaf = torch.tensor(x, requires_grad=True)
    s = leaf**2
    (3 * s).backward()
    first = leaf.grad.item()
    leaf.grad = None
    s = leaf**2
    (s**2).backward()
    second = leaf.grad.item()
    return first, second


def lost_leaf(start: float, num_steps: int = 10, learning_rate: float = 0.1) -> float:
    """Return w as a float after num_steps steps of gradient descent on (w - 3)², beginning at start."""
    w = torch.tensor(start, requires_grad=True)
    for _ in range(num_steps):
        w.grad = None
        loss = (w - 3) ** 2
        loss.backward()
        w = (w - learning_rate * w.grad).detach().requires_grad_(True)
    return w.item()


def rewrapped_tensor(u: float, v: float) -> tuple[float, float]:
    """Return (dL/du, dL/dv) as floats, where p = (u·v, u + v) and L is the sum of the squares of p."""
    first = torch.tensor(u, requires_grad=True)
    second = torch.tensor(v, requires_grad=True)
    length = (first * second) ** 2 + (first + second) ** 2
    length.backward()
    return first.grad.item(), second.grad.item()
