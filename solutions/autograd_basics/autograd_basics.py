# %% [markdown]
# # Autograd from the ground up

# %%
from __future__ import annotations

from collections.abc import Callable

import torch

# %% [markdown]
# ## Task 1: a derivative through `backward()`


# %%
def derivative(f: Callable[[torch.Tensor], torch.Tensor], x: float) -> float:
    """Return f'(x) as a float, computed with backward().

    f takes a tensor with one number and returns a tensor with one number.
    """
    leaf = torch.tensor(x, requires_grad=True)
    f(leaf).backward()
    return leaf.grad.item()


# %%
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    def cubic(x: torch.Tensor) -> torch.Tensor:
        return x**3 - 3 * x

    places = torch.linspace(-2.2, 2.2, 89).tolist()
    plt.figure(figsize=(7, 4))
    plt.axhline(0, color="gray", linewidth=0.8)
    plt.plot(places, [cubic(torch.tensor(x)).item() for x in places], label="$f(x) = x^3 - 3x$")
    plt.plot(places, [derivative(cubic, x) for x in places], label="your $f'(x)$")
    plt.plot([-1, 1], [2, -2], "ko", label="$f' = 0$")
    plt.xlabel("x")
    plt.legend()
    plt.show()

# %% [markdown]
# ## Task 2: a derivative without leaving a trace


# %%
def derivative_functional(f: Callable[[torch.Tensor], torch.Tensor], x: float) -> float:
    """Return f'(x) as a float; every .grad stays what it was before the call.

    f takes a tensor with one number and returns a tensor with one number.
    """
    leaf = torch.tensor(x, requires_grad=True)
    (slope,) = torch.autograd.grad(f(leaf), leaf)
    return slope.item()


# %%
if __name__ == "__main__":
    for name, differentiate in (("derivative", derivative), ("derivative_functional", derivative_functional)):
        w = torch.tensor(2.0, requires_grad=True)
        slope = differentiate(lambda x, w=w: (w * x) ** 2, 3.0)
        print(f"{name}: f'(3) = {slope}, and w.grad is now {w.grad}")

# %% [markdown]
# ## Task 3: two partial derivatives


# %%
def partial_derivatives(
    f: Callable[[torch.Tensor, torch.Tensor], torch.Tensor], x: float, y: float
) -> tuple[float, float]:
    """Return (∂f/∂x, ∂f/∂y) at (x, y) as two floats; 0.0 for an argument that f does not use.

    f takes two tensors with one number each, uses at least one of them, and returns a tensor with one number.
    """
    leaves = [torch.tensor(x, requires_grad=True), torch.tensor(y, requires_grad=True)]
    f(*leaves).backward()
    along_x, along_y = (0.0 if leaf.grad is None else leaf.grad.item() for leaf in leaves)
    return along_x, along_y


# %%
if __name__ == "__main__":
    print("x²y + y³:", partial_derivatives(lambda x, y: x**2 * y + y**3, 2.0, 3.0))
    print("x² + y³: ", partial_derivatives(lambda x, y: x**2 + y**3, 2.0, 3.0))
    print("x² alone:", partial_derivatives(lambda x, y: x**2, 2.0, 3.0))

# %% [markdown]
# ## Task 4: the gradients of a linear layer


# %%
def linear_layer_gradients(
    x: torch.Tensor, w: torch.Tensor, b: torch.Tensor, y: torch.Tensor
) -> tuple[float, torch.Tensor, torch.Tensor]:
    """Return (loss, grad_w, grad_b) of the mean squared error of x @ w + b against y.

    x has the shape (n, d), w (d, 1), b (1, 1) and y (n,). The loss is a float; grad_w has the shape of w and grad_b
    that of b.
    """
    w, b = (parameter.detach().clone().requires_grad_() for parameter in (w, b))
    z = x @ w + b
    loss = ((z - y.reshape(z.shape)) ** 2).mean()
    loss.backward()
    return loss.item(), w.grad, b.grad


# %%
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    generator = torch.Generator().manual_seed(0)
    inputs = torch.linspace(-1, 1, 40).reshape(40, 1)
    targets = 0.5 + 2 * inputs[:, 0] + 0.3 * torch.randn(40, generator=generator)
    w, b, losses = torch.zeros(1, 1), torch.zeros(1, 1), []
    for _ in range(60):
        loss, grad_w, grad_b = linear_layer_gradients(inputs, w, b, targets)
        losses.append(loss)
        w, b = w - 0.1 * grad_w, b - 0.1 * grad_b
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4))
    left.plot(losses)
    left.set(xlabel="step", ylabel="loss", title="gradient descent with your gradients", yscale="log")
    right.plot(inputs[:, 0], targets, ".", label="data")
    right.plot(inputs[:, 0], (inputs @ w + b)[:, 0], label=f"z = {w.item():.2f} x + {b.item():.2f}")
    right.set(xlabel="x", ylabel="y", title="the line after 60 steps")
    right.legend()
    plt.show()

# %% [markdown]
# ## Task 5: the gradient of a sum


# %%
def gradient_of_sum(matrix: torch.Tensor) -> torch.Tensor:
    """Return the gradient of the sum of all entries, a tensor of the shape and dtype of matrix, found by autograd."""
    leaf = matrix.clone().detach().requires_grad_()
    leaf.sum().backward()
    return leaf.grad


# %%
if __name__ == "__main__":
    print(gradient_of_sum(torch.arange(1.0, 10.0).reshape(3, 3)))

# %% [markdown]
# ## Task 6: a vector times a Jacobian


# %%
def vector_jacobian_product(
    f: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor, v: torch.Tensor
) -> torch.Tensor:
    """Return vᵀJ, where J is the Jacobian of f at x: a tensor of the shape (n,) of x.

    f turns a tensor of shape (n,) into one of shape (m,); v has the shape (m,).
    """
    leaf = x.detach().clone().requires_grad_()
    (product,) = torch.autograd.grad(f(leaf), leaf, v)
    return product


# %%
if __name__ == "__main__":
    point, ones = torch.tensor([2.0, 3.0]), torch.ones(2)
    print("x²:   ", vector_jacobian_product(lambda x: x**2, point, ones))
    print("stack:", vector_jacobian_product(lambda x: torch.stack([x[0] ** 2, x[1] ** 2]), point, ones))
    try:
        vector_jacobian_product(lambda x: torch.tensor([x[0] ** 2, x[1] ** 2]), point, ones)
    except RuntimeError as error:
        print("tensor: the graph is cut, and PyTorch says:", error)

# %% [markdown]
# ## Task 7: derivatives of derivatives


# %%
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


# %%
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    places = torch.linspace(-3.2, 3.2, 65).tolist()
    plt.figure(figsize=(7, 4))
    sine = [torch.tensor(x).sin().item() for x in places]
    plt.plot(places, sine, color="black", linewidth=4, alpha=0.3, label="the sine")
    for n in (1, 2, 3, 4):
        values = [nth_derivative(torch.sin, x, n) for x in places]
        plt.plot(places, values, "--" if n == 4 else "-", label=f"derivative {n}")
    plt.xlabel("x")
    plt.legend(loc="upper left", bbox_to_anchor=(1, 1))
    plt.tight_layout()
    plt.show()

# %% [markdown]
# ## Task 8: a gradient in the middle of the graph


# %%
def intermediate_gradient(x: float) -> tuple[float, float]:
    """Return (dz/dx, dz/dy) for y = x² and z = y³, as two floats found by autograd."""
    leaf = torch.tensor(x, requires_grad=True)
    y = leaf**2
    y.retain_grad()
    (y**3).backward()
    return leaf.grad.item(), y.grad.item()


# %%
if __name__ == "__main__":
    print("dz/dx and dz/dy at x = 2:", intermediate_gradient(2.0))

# %% [markdown]
# ## Task 9: a function of your own


# %%
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
        return grad_output * 2 * x


# %%
if __name__ == "__main__":
    x = torch.tensor(3.0, requires_grad=True)
    (5 * MySquare.apply(x)).backward()
    print("the gradient of 5 · MySquare(x) at 3 (should be 30):", x.grad)
    inputs = torch.linspace(-2, 2, 6, dtype=torch.float64, requires_grad=True)
    print("gradcheck:", torch.autograd.gradcheck(MySquare.apply, inputs))
