# Fault: The gradients of all entries are added up: right for a single number only.
# fails: test_square_of_any_shape, test_square_passes_gradcheck, test_square_of_the_square

from __future__ import annotations

from collections.abc import Callable

import torch


def derivative(f: Callable[[torch.Tensor], torch.Tensor], x: float) -> float:
    """Return f'(x) as a float, computed with backward()."""
    leaf = torch.tensor(x, requires_grad=True)
    f(leaf).backward()
    return leaf.grad.item()


def derivative_functional(f: Callable[[torch.Tensor], torch.Tensor], x: float) -> float:
    """Return f'(x) as a float; every .grad stays what it was before the call."""
    leaf = torch.tensor(x, requires_grad=True)
    (slope,) = torch.autograd.grad(f(leaf), leaf)
    return slope.item()


def partial_derivatives(
    f: Callable[[torch.Tensor, torch.Tensor], torch.Tensor], x: float, y: float
) -> tuple[float, float]:
    """Return (∂f/∂x, ∂f/∂y) at (x, y) as two floats; 0.0 for an argument that f does not use."""
    leaves = [torch.tensor(x, requires_grad=True), torch.tensor(y, requires_grad=True)]
    f(*leaves).backward()
    along_x, along_y = (0.0 if leaf.grad is None else leaf.grad.item() for leaf in leaves)
    return along_x, along_y


def linear_layer_gradients(
    x: torch.Tensor, w: torch.Tensor, b: torch.Tensor, y: torch.Tensor
) -> tuple[float, torch.Tensor, torch.Tensor]:
    """Return (loss, grad_w, grad_b) of the mean squared error of x @ w + b against y."""
    w, b = (parameter.detach().clone().requires_grad_() for parameter in (w, b))
    z = x @ w + b
    loss = ((z - y.reshape(z.shape)) ** 2).mean()
    loss.backward()
    return loss.item(), w.grad, b.grad


def gradient_of_sum(matrix: torch.Tensor) -> torch.Tensor:
    """Return the gradient of the sum of all entries, a tensor of the shape and dtype of matrix, found by autograd."""
    leaf = matrix.detach().clone().requires_grad_()
    leaf.sum().backward()
    return leaf.grad


def vector_jacobian_product(
    f: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor, v: torch.Tensor
) -> torch.Tensor:
    """Return vᵀJ, where J is the Jacobian of f at x: a tensor of the shape (n,) of x."""
    leaf = x.detach().clone().requires_grad_()
    (product,) = torch.autograd.grad(f(leaf), leaf, v)
    return product


def nth_derivative(f: Callable[[torch.Tensor], torch.Tensor], x: float, n: int) -> float:
    """Return the n-th derivative of f at x as a float, for n = 1, 2, 3, …

    f takes a tensor with one number and returns a tensor with one number. 0.0 beyond the last derivative that
    depends on x.
    """
    leaf = torch.tensor(x, requires_grad=True)
    value = f(leaf)
    for _ in range(n):
        if not value.requires_grad:  # a constant, and so is every further derivative
            return 0.0
        (value,) = torch.autograd.grad(value, leaf, create_graph=True, materialize_grads=True)
    return value.item()


def intermediate_gradient(x: float) -> tuple[float, float]:
    """Return (dz/dx, dz/dy) for y = x² and z = y³, as two floats found by autograd."""
    leaf = torch.tensor(x, requires_grad=True)
    y = leaf**2
    y.retain_grad()
    (y**3).backward()
    return leaf.grad.item(), y.grad.item()


class MySquare(torch.autograd.Function):
    """The square of each entry, with a backward pass of its own; use it as MySquare.apply(x)."""

    @staticmethod
    def forward(ctx: torch.autograd.function.FunctionCtx, x: torch.Tensor) -> torch.Tensor:
        """Return x², entry by entry, of the shape and dtype of x; keeps x for the backward pass."""
        ctx.save_for_backward(x)
        return x**2

    @staticmethod
    def backward(ctx: torch.autograd.function.FunctionCtx, grad_output: torch.Tensor) -> torch.Tensor:
        """Return the gradient of the loss with respect to x: grad_output times 2x."""
        (x,) = ctx.saved_tensors
        return grad_output.sum() * 2 * x
