# Right: torch.autograd.grad for everything but Task 1; flat leaves; a loss by matrix products.

from __future__ import annotations

from collections.abc import Callable

import torch

Scalar = Callable[[torch.Tensor], torch.Tensor]


def _leaf(number: float) -> torch.Tensor:
    return torch.tensor(number).requires_grad_(True)


def derivative(f: Scalar, x: float) -> float:
    place = _leaf(x)
    torch.autograd.backward(f(place))
    return float(place.grad)


def derivative_functional(f: Scalar, x: float) -> float:
    place = _leaf(x)
    return float(torch.autograd.grad(outputs=f(place), inputs=place)[0])


def partial_derivatives(f: Callable[..., torch.Tensor], x: float, y: float) -> tuple[float, float]:
    places = (_leaf(x), _leaf(y))
    found = torch.autograd.grad(f(*places), places, allow_unused=True)
    return tuple(0.0 if one is None else one.item() for one in found)


def linear_layer_gradients(x, w, b, y):
    w, b = w.clone().requires_grad_(), b.clone().requires_grad_()
    difference = (torch.mm(x, w) + b).squeeze(1) - y
    loss = difference.dot(difference) / len(y)
    grad_w, grad_b = torch.autograd.grad(loss, (w, b))
    return loss.item(), grad_w, grad_b


def gradient_of_sum(matrix: torch.Tensor) -> torch.Tensor:
    copy = matrix.clone().requires_grad_()
    return torch.autograd.grad(torch.sum(copy), copy)[0]


def vector_jacobian_product(f: Scalar, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    copy = x.clone().requires_grad_()
    return torch.autograd.grad((f(copy) * v).sum(), copy)[0]


def nth_derivative(f: Scalar, x: float, n: int) -> float:
    place = _leaf(x)
    value = f(place)
    while n > 0:
        value = torch.autograd.grad(value, place, create_graph=n > 1)[0]
        n -= 1
        if n > 0 and value.grad_fn is None:
            return 0.0
    return value.item()


def intermediate_gradient(x: float) -> tuple[float, float]:
    place = _leaf(x)
    y = place * place
    along_x, along_y = torch.autograd.grad(y * y * y, (place, y))
    return along_x.item(), along_y.item()


class MySquare(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.pow(2)

    @staticmethod
    def backward(ctx, grad_output):
        return ctx.saved_tensors[0] * grad_output * 2
