# Right: whole Jacobians from torch.autograd.functional and torch.func; two second leaves; results collected in lists.

from __future__ import annotations

from collections.abc import Callable

import torch
from torch.autograd.functional import jacobian

Scalar = Callable[[torch.Tensor], torch.Tensor]


def derivative(f: Scalar, x: float) -> float:
    with torch.enable_grad():
        place = torch.full((1,), x, requires_grad=True)
        f(place).sum().backward()
    return place.grad[0].item()


def derivative_functional(f: Scalar, x: float) -> float:
    return jacobian(f, torch.tensor(x)).item()


def partial_derivatives(f: Callable[..., torch.Tensor], x: float, y: float) -> tuple[float, float]:
    along_x, along_y = jacobian(f, (torch.tensor(x), torch.tensor(y)))
    return (along_x.item(), along_y.item())


def linear_layer_gradients(x, w, b, y):
    def loss_of(w, b):
        return ((x @ w + b)[:, 0] - y).square().mean()

    grad_w, grad_b = jacobian(loss_of, (w, b))
    return loss_of(w, b).item(), grad_w, grad_b


def gradient_of_sum(matrix: torch.Tensor) -> torch.Tensor:
    return jacobian(torch.sum, matrix)


def vector_jacobian_product(f: Scalar, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    return v @ torch.func.jacrev(f)(x)


def nth_derivative(f: Scalar, x: float, n: int) -> float:
    def derivatives(place: torch.Tensor):
        value = f(place)
        while True:
            yield value
            if value.requires_grad:
                (value,) = torch.autograd.grad(value, place, create_graph=True, materialize_grads=True)
            else:
                value = torch.zeros(())

    for number, value in enumerate(derivatives(torch.tensor(x, requires_grad=True))):
        if number == n:
            return value.item()
    raise AssertionError("there is always one more derivative")


def intermediate_gradient(x: float) -> tuple[float, float]:
    place = torch.tensor(x, requires_grad=True)
    (y := place.square()).retain_grad()
    y.pow(3).backward()
    return tuple(tensor.grad.item() for tensor in (place, y))


class MySquare(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x.clone())
        return torch.square(x)

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        return torch.mul(grad_output, 2.0 * x)
