# Right: torch.optim.SGD, one parameter vector, and double precision inside.

from __future__ import annotations

import torch

_DOUBLE = torch.float64


def _leaf(*numbers: float) -> torch.Tensor:
    return torch.tensor(numbers, dtype=_DOUBLE, requires_grad=True)


def detached_chain(x: float) -> float:
    """Return dz/dx at x as a float, where y = x² and z = y³."""
    leaf = _leaf(x)
    y = leaf.square()
    y.retain_grad()
    y.pow(3).sum().backward()
    return float(leaf.grad)


def inplace_update(x: float) -> float:
    """Return f'(x) as a float, where y = eˣ and f = y² · (y + 1)."""
    leaf = _leaf(x)
    y = leaf.exp()
    shifted = y.clone()
    shifted += 1
    (y.square() * shifted).sum().backward()
    return float(leaf.grad)


def accumulated_gradient(x: float, num_steps: int = 3) -> tuple[float, float]:
    """Return (x, gradient) as floats: where the steps end, and the last gradient."""
    leaf = _leaf(x)
    optimizer = torch.optim.SGD([leaf], lr=0.1)
    gradient = float("nan")
    for _ in range(num_steps):
        optimizer.zero_grad()
        (2 * leaf).sum().backward()
        gradient = leaf.grad.item()
        optimizer.step()
    return leaf.item(), gradient


def vector_backward(x: torch.Tensor) -> torch.Tensor:
    """Return the gradient of the sum of the squares of x: a tensor of the shape of x."""
    leaf = x.detach().double().requires_grad_(True)
    torch.linalg.vector_norm(leaf).square().backward()
    return leaf.grad.float()


def wasteful_evaluation(model: torch.nn.Module, inputs: torch.Tensor, targets: torch.Tensor) -> float:
    """Return the mean squared error of the model as a float, without recording a graph."""
    was_training = model.training
    model.eval()
    with torch.no_grad():
        errors = [(model(row[None])[0, 0] - target).item() ** 2 for row, target in zip(inputs, targets)]
    model.train(was_training)
    return sum(errors) / len(errors)


def double_backward(x: float) -> tuple[float, float]:
    """Return (d/dx of 3s, d/dx of s²) at x as floats, where s = x²."""
    found = []
    for f in (lambda s: 3 * s, lambda s: s**2):
        leaf = _leaf(x)
        f(leaf**2).sum().backward()
        found.append(leaf.grad.item())
    return found[0], found[1]


def lost_leaf(start: float, num_steps: int = 10, learning_rate: float = 0.1) -> float:
    """Return w as a float after num_steps steps of gradient descent on (w - 3)², beginning at start."""
    w = _leaf(start)
    optimizer = torch.optim.SGD([w], lr=learning_rate)
    for _ in range(num_steps):
        optimizer.zero_grad()
        (w - 3).square().sum().backward()
        optimizer.step()
    return w.item()


def rewrapped_tensor(u: float, v: float) -> tuple[float, float]:
    """Return (dL/du, dL/dv) as floats, where p = (u·v, u + v) and L is the sum of the squares of p."""
    leaf = _leaf(u, v)
    p = torch.cat([leaf.prod()[None], leaf.sum()[None]])
    (p @ p).backward()
    first, second = leaf.grad.tolist()
    return first, second
