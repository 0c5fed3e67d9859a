# Fault: the gradients are not cleared after an iteration in which the loss rose.
# fails: test_autograd_gradient_hygiene
# hygiene: GH101

# %%
from __future__ import annotations

from collections.abc import Sequence

import torch

# %% [markdown]
# ## The data (given)


# %%
def generate_training_pairs(num: int = 100) -> tuple[torch.Tensor, torch.Tensor]:
    """Return inputs x and targets y, both float32 of shape (num,): the same ones at every call."""
    generator = torch.Generator().manual_seed(0)
    x = 2 * torch.rand(num, generator=generator)
    noise = torch.randn(num, generator=generator)
    y = x + 2 * (x - 0.9) ** 2 + 0.3 * torch.cos(20 * x) + 0.1 * noise
    return x, y


# %% [markdown]
# ## The model and its loss

# %% [markdown]
# ## Task 1: closed form


# %%
def regression_polynomial_second_order(x: torch.Tensor, y: torch.Tensor) -> tuple[float, float, float, float]:
    """Return (a, b, c, loss) of the parabola with the smallest mean squared error, solved exactly."""
    matrix = torch.stack([torch.ones_like(x), x, x**2], dim=1).double()
    coefficients = torch.linalg.solve(matrix.T @ matrix, matrix.T @ y.double())
    loss = ((matrix @ coefficients - y) ** 2).mean()
    a, b, c = coefficients.tolist()
    return a, b, c, loss.item()


# %%
if __name__ == "__main__":
    x, y = generate_training_pairs()
    print("closed form:", regression_polynomial_second_order(x, y))

# %% [markdown]
# ## Task 2: gradient descent, gradients by hand


# %%
def regression_polynomial_second_order_manual(
    x: torch.Tensor,
    y: torch.Tensor,
    a: float,
    b: float,
    c: float,
    learning_rate: float = 1e-2,
    num_iterations: int = 4000,
) -> tuple[float, float, float, float]:
    """Return (a, b, c, loss) after gradient descent from the floats a, b, c, with hand-derived gradients."""
    loss = 0.0
    for _ in range(num_iterations):
        residuals = a + b * x + c * x**2 - y
        loss = (residuals**2).mean().item()
        grad_a = 2 * residuals.mean().item()
        grad_b = 2 * (residuals * x).mean().item()
        grad_c = 2 * (residuals * x**2).mean().item()
        a = a - learning_rate * grad_a
        b = b - learning_rate * grad_b
        c = c - learning_rate * grad_c
    return a, b, c, loss


# %%
if __name__ == "__main__":
    example_x, example_y = torch.tensor([0.0, 1.0, 2.0]), torch.tensor([1.0, 2.0, 5.0])
    print("example:", regression_polynomial_second_order_manual(example_x, example_y, 0.0, 0.0, 0.0, 0.1, 1))
    x, y = generate_training_pairs()
    torch.manual_seed(0)
    start_a, start_b, start_c = torch.randn(3).tolist()
    print("by hand:", regression_polynomial_second_order_manual(x, y, start_a, start_b, start_c))

# %% [markdown]
# ## Task 3: gradient descent, gradients by autograd


# %%
def regression_polynomial_second_order_via_gradient(
    x: torch.Tensor,
    y: torch.Tensor,
    learning_rate: float = 1e-2,
    num_iterations: int = 4000,
) -> tuple[float, float, float, float]:
    """Return (a, b, c, loss) after gradient descent with autograd, started from torch.manual_seed(1)."""
    torch.manual_seed(1)
    a = torch.randn((), requires_grad=True)
    b = torch.randn((), requires_grad=True)
    c = torch.randn((), requires_grad=True)
    before = float("inf")
    loss = torch.zeros(())
    for _ in range(num_iterations):
        loss = ((a + b * x + c * x**2 - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            for parameter in (a, b, c):
                parameter -= learning_rate * parameter.grad
                if loss.item() <= before:
                    parameter.grad = None
        before = loss.item()
    return a.item(), b.item(), c.item(), loss.item()


# %%
if __name__ == "__main__":
    x, y = generate_training_pairs()
    for iterations in (1, 2, 7, 100, 2000):
        print(iterations, regression_polynomial_second_order_via_gradient(x, y, 1e-1, iterations))

# %% [markdown]
# ## Task 4: one number decides


# %%
def compare_learning_rates(
    x: torch.Tensor,
    y: torch.Tensor,
    learning_rates: Sequence[float] = (1e0, 1e-1, 1e-2, 1e-3),
    num_iterations: int = 4000,
) -> dict[float, tuple[float, float, float, float]]:
    """Return a dict from each learning rate to the (a, b, c, loss) that gradient descent reaches with it."""
    fits = {}
    for rate in learning_rates:
        fits[rate] = regression_polynomial_second_order_via_gradient(x, y, rate, num_iterations)
    return fits


# %%
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    x, y = generate_training_pairs()
    grid = torch.linspace(0, 2, 200)
    plt.scatter(x, y, s=12, color="gray", label="data")
    for rate, (a, b, c, loss) in compare_learning_rates(x, y, num_iterations=1000).items():
        print(f"rate {rate:g}: a={a:.4f} b={b:.4f} c={c:.4f} loss={loss:.4f}")
        if loss < 1e3:
            plt.plot(grid, a + b * grid + c * grid**2, label=f"learning rate {rate:g}")
    plt.legend()
    plt.show()
