# Fault: The second pass begins at a copy of s that knows nothing of x.
# fails: test_double_is_repaired, test_double_at_other_points

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
    f = square * (y + 1)
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
        leaf.grad = None
    return leaf.item(), gradient


def vector_backward(x: torch.Tensor) -> torch.Tensor:
    """Return the gradient of the sum of the squares of x: a tensor of the shape of x.

    x is a float32 tensor of any shape.
    """
    leaf = x.clone().requires_grad_(True)
    squares = leaf**2
    squares.sum().backward()
    return leaf.grad


def wasteful_evaluation(model: torch.nn.Module, inputs: torch.Tensor, targets: torch.Tensor) -> float:
    """Return the mean squared error of the model as a float, without recording a graph.

    inputs has the shape (n, d), targets (n,), the model's output (n, 1).
    """
    with torch.no_grad():
        predictions = model(inputs).flatten()
        loss = ((predictions - targets) ** 2).mean()
    return loss.item()


def double_backward(x: float) -> tuple[float, float]:
    """Return (d/dx of 3s, d/dx of s²) at x as floats, where s = x²."""
    leaf = torch.tensor(x, requires_grad=True)
    s = leaf**2
    (3 * s).backward()
    first = leaf.grad.item()
    again = s.detach().requires_grad_(True)
    (again**2).backward()
    second = again.grad.item()
    return first, second


def lost_leaf(start: float, num_steps: int = 10, learning_rate: float = 0.1) -> float:
    """Return w as a float after num_steps steps of gradient descent on (w - 3)², beginning at start."""
    w = torch.tensor(start, requires_grad=True)
    for _ in range(num_steps):
        w.grad = None
        loss = (w - 3) ** 2
        loss.backward()
        with torch.no_grad():
            w -= learning_rate * w.grad
    return w.item()


def rewrapped_tensor(u: float, v: float) -> tuple[float, float]:
    """Return (dL/du, dL/dv) as floats, where p = (u·v, u + v) and L is the sum of the squares of p."""
    first = torch.tensor(u, requires_grad=True)
    second = torch.tensor(v, requires_grad=True)
    p = torch.stack([first * second, first + second])
    length = (p**2).sum()
    length.backward()
    return first.grad.item(), second.grad.item()
