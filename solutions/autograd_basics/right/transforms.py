# Right: torch.func wherever the task allows it; MySquare with setup_context, in PyTorch's newer style.

from __future__ import annotations

from collections.abc import Callable

import torch
from torch.func import grad, grad_and_value, vjp

Scalar = Callable[[torch.Tensor], torch.Tensor]


def derivative(f: Scalar, x: float) -> float:
    place = torch.tensor(x, requires_grad=True)
    f(place).backward()
    return place.grad.item()


def derivative_functional(f: Scalar, x: float) -> float:
    return grad(f)(torch.tensor(x)).item()


def partial_derivatives(f: Callable[..., torch.Tensor], x: float, y: float) -> tuple[float, float]:
    along_x, along_y = grad(f, argnums=(0, 1))(torch.tensor(x), torch.tensor(y))
    return along_x.item(), along_y.item()


def linear_layer_gradients(x, w, b, y):
    def loss_of(w, b):
        return torch.nn.functional.mse_loss(x @ w + b, y.unsqueeze(1))

    (grad_w, grad_b), loss = grad_and_value(loss_of, argnums=(0, 1))(w, b)
    return loss.item(), grad_w, grad_b


def gradient_of_sum(matrix: torch.Tensor) -> torch.Tensor:
    return grad(torch.sum)(matrix)


def vector_jacobian_product(f: Scalar, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    _, pull_back = vjp(f, x)
    (product,) = pull_back(v)
    return product


def nth_derivative(f: Scalar, x: float, n: int) -> float:
    for _ in range(n):
        f = grad(f)
    return f(torch.tensor(x)).item()


def intermediate_gradient(x: float) -> tuple[float, float]:
    def cube(y):
        return y**3

    place = torch.tensor(x)
    along_y = grad(cube)(place**2)
    along_x = grad(lambda x: cube(x**2))(place)
    return along_x.item(), along_y.item()


class MySquare(torch.autograd.Function):
    @staticmethod
    def forward(x):
        return x * x

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        return 2 * x * grad_output
