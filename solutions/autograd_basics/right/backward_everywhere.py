# Right: backward() for everything, told which leaves it may fill; vectors of one entry; parameters of modules.

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import nn

Scalar = Callable[[torch.Tensor], torch.Tensor]


def derivative(f: Scalar, x: float) -> float:
    place = nn.Parameter(torch.tensor(x))
    f(place).backward()
    slope = place.grad.item()
    place.grad = None
    return slope


def derivative_functional(f: Scalar, x: float) -> float:
    place = torch.tensor(x, requires_grad=True)
    f(place).backward(inputs=[place])
    return place.grad.item()


def partial_derivatives(f: Callable[..., torch.Tensor], x: float, y: float) -> tuple[float, float]:
    point = torch.tensor([x, y], requires_grad=True)
    f(point[0], point[1]).backward()
    along_x, along_y = point.grad.tolist()
    return along_x, along_y


def linear_layer_gradients(x, w, b, y):
    layer = nn.Linear(w.shape[0], 1)
    with torch.no_grad():
        layer.weight.copy_(w.T)
        layer.bias.copy_(b.flatten())
    loss = nn.MSELoss()(layer(x), y[:, None])
    loss.backward()
    return loss.item(), layer.weight.grad.T.contiguous(), layer.bias.grad.reshape(b.shape)


def gradient_of_sum(matrix: torch.Tensor) -> torch.Tensor:
    leaf = nn.Parameter(matrix.clone())
    sum(leaf.reshape(-1)).backward()
    return leaf.grad


def vector_jacobian_product(f: Scalar, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    leaf = torch.empty_like(x).copy_(x).requires_grad_()
    torch.dot(f(leaf), v).backward()
    return leaf.grad.clone()


def nth_derivative(f: Scalar, x: float, n: int) -> float:
    place = torch.tensor(x, requires_grad=True)
    value = f(place)
    for _ in range(n):
        if not value.requires_grad:
            return 0.0
        place.grad = None
        value.backward(create_graph=True, inputs=[place])
        value = place.grad
    place.grad = None
    return value.item()


def intermediate_gradient(x: float) -> tuple[float, float]:
    caught = []
    place = torch.tensor([x], requires_grad=True)
    y = place**2
    y.register_hook(lambda gradient: caught.append(gradient.item()))
    z = y**3
    z.backward()
    return place.grad.item(), caught[0]


class MySquare(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.x = x
        return x * x

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output * (ctx.x + ctx.x)
