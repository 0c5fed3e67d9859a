# Right: float64 inside, results cast back; arguments copied through lists; numbers by float().

from __future__ import annotations

from collections.abc import Callable

import torch

Scalar = Callable[[torch.Tensor], torch.Tensor]


def _leaf(value) -> torch.Tensor:
    return torch.tensor(value, dtype=torch.float64, requires_grad=True)


def derivative(f: Scalar, x: float) -> float:
    place = _leaf(x)
    result = f(place)
    result.backward()
    return float(place.grad)


def derivative_functional(f: Scalar, x: float) -> float:
    place = _leaf(x)
    (slope,) = torch.autograd.grad([f(place)], [place])
    return float(slope)


def partial_derivatives(f: Callable[..., torch.Tensor], x: float, y: float) -> tuple[float, float]:
    place = _leaf(x), _leaf(y)
    found = torch.autograd.grad(f(*place), place, allow_unused=True, materialize_grads=True)
    return float(found[0]), float(found[1])


def linear_layer_gradients(x, w, b, y):
    weights, bias = _leaf(w.tolist()), _leaf(b.tolist())
    rows, targets = x.double(), y.double().view(-1, 1)
    loss = torch.mean((rows.matmul(weights) + bias - targets).pow(2))
    loss.backward()
    return float(loss.detach()), weights.grad.to(w.dtype), bias.grad.to(b.dtype)


def gradient_of_sum(matrix: torch.Tensor) -> torch.Tensor:
    copy = _leaf(matrix.tolist())
    copy.sum().backward()
    return copy.grad.to(matrix.dtype)


def vector_jacobian_product(f: Scalar, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    copy = _leaf(x.tolist())
    f(copy).backward(v.double())
    return copy.grad.to(x.dtype)


def nth_derivative(f: Scalar, x: float, n: int) -> float:
    place = _leaf(x)
    values = [f(place)]
    for _ in range(n):
        if values[-1].requires_grad:
            values.extend(torch.autograd.grad(values[-1], place, create_graph=True))
        else:
            values.append(torch.zeros(()))
    return float(values[n].detach())


def intermediate_gradient(x: float) -> tuple[float, float]:
    place = _leaf(x)
    y = torch.square(place)
    y.retain_grad()
    z = torch.pow(y, 3)
    z.backward()
    return float(place.grad), float(y.grad)


class MySquare(torch.autograd.Function):
    """Saves the derivative itself instead of x."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(2 * x)
        return x**2

    @staticmethod
    def backward(ctx, grad_output):
        (slope,) = ctx.saved_tensors
        return slope * grad_output
