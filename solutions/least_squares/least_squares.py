# %% [markdown]
# # Least squares: one valley, three ways down
#
# The reference solution.

# %%
from __future__ import annotations

import torch
from torch import nn

# %% [markdown]
# ## The data (given)


# %%
def make_table(num: int = 100, seed: int = 42) -> tuple[torch.Tensor, torch.Tensor]:
    """Return X of shape (num, 2) and y = X w_true of shape (num,), where w_true is (1, -0.5)."""
    X = torch.randn(num, 2, generator=torch.Generator().manual_seed(seed))
    return X, X @ torch.tensor([1.0, -0.5])


def make_line(num: int = 100, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Return x and y of shape (num, 1): points near the line 2x - 1, with x evenly spaced on [-5, 5]."""
    x = torch.linspace(-5, 5, num).reshape(num, 1)
    return x, 2 * x - 1 + 0.5 * torch.randn(num, 1, generator=torch.Generator().manual_seed(seed))


# %% [markdown]
# ## The example of this page

# %%
X_EXAMPLE = torch.tensor([[1.0, 2.0], [1.0, -2.0], [1.0, -2.0], [1.0, 2.0]])
Y_EXAMPLE = torch.tensor([6.0, -2.0, 0.0, 4.0])

# %% [markdown]
# ## Task 1: the gradient by hand (3 points)


# %%
def manual_gradient(X: torch.Tensor, y: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
    """Return the gradient of ½·mean((Xw - y)²) at w, shape (d,), by its formula."""
    return X.T @ (X @ w - y) / len(X)


# %%
if __name__ == "__main__":
    print("at (0, 0):", manual_gradient(X_EXAMPLE, Y_EXAMPLE, torch.zeros(2)))
    print("at (1, 1):", manual_gradient(X_EXAMPLE, Y_EXAMPLE, torch.ones(2)))

# %% [markdown]
# ## Task 2: the step size (3 points)


# %%
def step_size(X: torch.Tensor) -> float:
    """Return 1.8·n/σ², where n is the number of rows of X and σ its largest singular value."""
    return 1.8 * len(X) / torch.linalg.matrix_norm(X, ord=2).item() ** 2


# %%
if __name__ == "__main__":
    print("example:     ", step_size(X_EXAMPLE))
    print("make_table():", step_size(make_table()[0]))

# %% [markdown]
# ## Task 3: gradient descent with the gradient by hand (6 points)


# %%
def gradient_descent_manual(
    X: torch.Tensor, y: torch.Tensor, alpha: float, num_steps: int
) -> tuple[torch.Tensor, list[float], list[torch.Tensor]]:
    """Return (w, losses, ws) of num_steps steps of gradient descent from w = 0, with manual_gradient.

    w is the result of the last update; losses and ws have one entry per step, recorded before its update.
    """
    w = torch.zeros(X.shape[1])
    losses, ws = [], []
    for _ in range(num_steps):
        losses.append(((X @ w - y) ** 2).mean().item() / 2)
        ws.append(w.clone())
        w -= alpha * manual_gradient(X, y, w)
    return w, losses, ws


# %%
if __name__ == "__main__":
    w, losses, ws = gradient_descent_manual(X_EXAMPLE, Y_EXAMPLE, 0.45, 3)
    for step, (loss, weights) in enumerate(zip(losses, ws, strict=True), start=1):
        print(f"step {step}: loss {loss:.4f}, w {weights}")
    print(f"at the end: w {w}")

# %% [markdown]
# ## Task 4: gradient descent with autograd (6 points)


# %%
def gradient_descent_autograd(
    X: torch.Tensor, y: torch.Tensor, alpha: float, num_steps: int
) -> tuple[torch.Tensor, list[float], list[torch.Tensor]]:
    """Return (w, losses, ws) of the walk of gradient_descent_manual, where autograd finds the gradient."""
    w = torch.zeros(X.shape[1], requires_grad=True)
    losses, ws = [], []
    for _ in range(num_steps):
        loss = ((X @ w - y) ** 2).mean() / 2
        losses.append(loss.item())
        ws.append(w.detach().clone())
        loss.backward()
        with torch.no_grad():
            w -= alpha * w.grad
        w.grad = None
    return w.detach(), losses, ws


# %% [markdown]
# ### Look at it

# %%
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    fig, (bowl, curves) = plt.subplots(1, 2, figsize=(11, 4.5), layout="constrained")
    first, second = torch.meshgrid(torch.linspace(-0.5, 3, 80), torch.linspace(-0.5, 3.5, 80), indexing="xy")
    heights = ((torch.stack([first, second], dim=-1) @ X_EXAMPLE.T - Y_EXAMPLE) ** 2).mean(dim=-1) / 2
    bowl.contour(first, second, heights, levels=[0.55, 0.7, 1, 1.5, 2.5, 4, 6, 9], colors="lightgray")
    for alpha, color in ((0.05, "tab:orange"), (step_size(X_EXAMPLE), "tab:blue")):
        w, losses, ws = gradient_descent_autograd(X_EXAMPLE, Y_EXAMPLE, alpha, 40)
        path = torch.stack(ws)
        bowl.plot(path[:, 0], path[:, 1], ".-", color=color, label=f"step size {alpha:.2f}")
        curves.semilogy([loss - 0.5 for loss in losses], ".-", color=color, label=f"step size {alpha:.2f}")
    bowl.plot(2, 1.5, "k*", markersize=12, label="best weights")
    bowl.set(xlabel="first weight", ylabel="second weight", title="the bowl from above")
    curves.set(xlabel="step (counted from 0)", ylabel="loss - 0.5", title="how far above the lowest loss")
    bowl.legend()
    curves.legend()
    plt.show()

# %% [markdown]
# ## Task 5: a model with two parameters (3 points)


# %%
class LinearModel(nn.Module):
    """The line weight·x + bias with two parameters of a single number; the output has the shape of the input."""

    def __init__(self) -> None:
        """Make the parameters weight and bias, both 0."""
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(()))
        self.bias = nn.Parameter(torch.zeros(()))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return weight·x + bias for each number of x."""
        return self.weight * x + self.bias


# %% [markdown]
# ## Task 6: training with an optimizer (4 points)


# %%
def train_linear_model(
    model: nn.Module, x: torch.Tensor, y: torch.Tensor, learning_rate: float = 0.01, num_epochs: int = 100
) -> list[float]:
    """Return the mean squared error of each epoch, before its update, as floats; trains the model in place."""
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses = []
    for _ in range(num_epochs):
        loss = nn.functional.mse_loss(model(x), y)
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return losses


# %% [markdown]
# ### Look at it

# %%
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    x, y = make_line()
    model = LinearModel()
    fig, (points, curve) = plt.subplots(1, 2, figsize=(11, 4.5), layout="constrained")
    points.plot(x[:, 0], y[:, 0], ".", color="lightgray", label="the data")
    losses = []
    for epochs, color in ((1, "tab:red"), (9, "tab:orange"), (40, "tab:green"), (150, "tab:blue")):
        losses += train_linear_model(model, x, y, num_epochs=epochs)
        points.plot(x[:, 0], model(x).detach()[:, 0], color=color, label=f"after epoch {len(losses)}")
    points.set(xlabel="x", ylabel="y", title="the line while it is trained")
    points.legend()
    curve.semilogy(losses)
    curve.set(xlabel="epoch (counted from 0)", ylabel="loss", title="the mean squared error")
    plt.show()
    print(f"weight {model.weight.item():.4f}, bias {model.bias.item():.4f}")
