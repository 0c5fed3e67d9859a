# %% [markdown]
# # Neural networks: a curve, and two spirals

# %%
from __future__ import annotations

import math

import torch
from torch import nn

# %% [markdown]
# ## Task 1: a network that bends


# %%
class NonlinearModel(nn.Module):
    """A network with one hidden layer of 10 tanh units, from (n, 1) to (n, 1)."""

    def __init__(self) -> None:
        """Make the two layers."""
        super().__init__()
        self.hidden = nn.Linear(1, 10)
        self.output = nn.Linear(10, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the predictions for x of shape (n, 1), shape (n, 1)."""
        return self.output(torch.tanh(self.hidden(x)))


# %% [markdown]
# ## Task 2: training for numbers


# %%
def make_wave(num: int = 60, noise: float = 0.1, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Return inputs x of shape (num, 1) on [-3, 3] and targets sin(2x) of shape (num,), with a little noise."""
    generator = torch.Generator().manual_seed(seed)
    x = torch.linspace(-3, 3, num).reshape(-1, 1)
    return x, torch.sin(2 * x[:, 0]) + noise * torch.randn(num, generator=generator)


# %%
def train_regression(
    model: nn.Module, x: torch.Tensor, y: torch.Tensor, learning_rate: float, num_steps: int
) -> list[float]:
    """Return the losses of num_steps steps of gradient descent, as floats; trains the model in place.

    x has the shape (n, d), y has the shape (n,), the model's output (n, 1). The loss is the mean squared error over
    all rows, recorded before the update of its step.
    """
    losses = []
    for _ in range(num_steps):
        predictions = model(x)
        loss = nn.functional.mse_loss(predictions, y.reshape(predictions.shape))
        losses.append(loss.item())
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= learning_rate * parameter.grad
    return losses


# %% [markdown]
# ### Look at it

# %%
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    x, y = make_wave()
    torch.manual_seed(0)
    model = NonlinearModel()
    _, (curve, loss) = plt.subplots(1, 2, figsize=(10, 4))
    curve.scatter(x[:, 0], y, s=12, color="black", label="data")
    design = torch.cat([x, torch.ones_like(x)], dim=1)
    line = design @ torch.linalg.lstsq(design, y.reshape(-1, 1)).solution
    curve.plot(x[:, 0], line[:, 0], color="gray", label="best straight line")
    losses = []
    for more in (300, 2700):
        losses += train_regression(model, x, y, learning_rate=0.1, num_steps=more)
        curve.plot(x[:, 0], model(x).detach()[:, 0], label=f"network after {len(losses)} steps")
    print(f"loss at the start {losses[0]:.4f}, at the end {losses[-1]:.4f}")
    curve.set(xlabel="x", ylabel="y", ylim=(-1.4, 2.2))
    curve.legend(fontsize="small", loc="upper right")
    loss.semilogy(losses, label="network")
    loss.axhline(0.4392, color="gray", linestyle="--", label="best straight line")
    loss.set(xlabel="step", ylabel="mean squared error")
    loss.legend(fontsize="small")
    plt.tight_layout()
    plt.show()

# %% [markdown]
# ## Task 3: a network that decides


# %%
class NeuralClassifier(nn.Module):
    """A network with one hidden layer of tanh units and a sigmoid at the end, from (n, 2) to (n, 1)."""

    def __init__(self, hidden_size: int = 10) -> None:
        """Make the two layers, with hidden_size hidden units."""
        super().__init__()
        self.hidden = nn.Linear(2, hidden_size)
        self.output = nn.Linear(hidden_size, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the probabilities of class 1 for x of shape (n, 2), shape (n, 1)."""
        return torch.sigmoid(self.output(torch.tanh(self.hidden(x))))


# %% [markdown]
# ## Task 4: training for decisions


# %%
def make_spirals(num_per_class: int = 200, noise: float = 0.05, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Return points of shape (2n, 2) on two spirals with one turn each, and their labels 0 and 1 of shape (2n, 1).

    The second arm is the first one turned by half a circle; n is num_per_class.
    """
    generator = torch.Generator().manual_seed(seed)
    turn = torch.rand(num_per_class, generator=generator).sqrt()
    angle = 2 * math.pi * turn
    arm = 2 * torch.stack([turn * torch.cos(angle), turn * torch.sin(angle)], dim=1)
    X = torch.cat([arm, -arm])
    X = X + noise * torch.randn(X.shape, generator=generator)
    return X, torch.cat([torch.zeros(num_per_class, 1), torch.ones(num_per_class, 1)])


# %%
def train_classifier(
    model: nn.Module, X: torch.Tensor, y: torch.Tensor, learning_rate: float, num_steps: int
) -> list[float]:
    """Return the losses of num_steps steps of gradient descent, as floats; trains the model in place.

    X has the shape (n, d), the labels y have the shape (n, 1) and are 0 or 1, the model's output (n, 1) are
    probabilities. The loss is the binary cross-entropy, averaged over all rows and recorded before the update of its
    step.
    """
    losses = []
    for _ in range(num_steps):
        loss = nn.functional.binary_cross_entropy(model(X), y)
        losses.append(loss.item())
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= learning_rate * parameter.grad
    return losses


# %% [markdown]
# ### Look at it

# %%
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    X, y = make_spirals()
    torch.manual_seed(0)
    models = {
        "logistic regression": nn.Sequential(nn.Linear(2, 1), nn.Sigmoid()),
        "10 hidden units": NeuralClassifier(),
    }
    axis = torch.linspace(-2.3, 2.3, 200)
    grid = torch.cartesian_prod(axis, axis)
    _, (*maps, loss) = plt.subplots(1, 3, figsize=(14, 4.2))
    for ax, (name, model) in zip(maps, models.items()):
        losses = train_classifier(model, X, y, learning_rate=0.5, num_steps=3000)
        with torch.no_grad():
            accuracy = ((model(X) >= 0.5).float() == y).float().mean().item()
            colors = model(grid).reshape(200, 200).T
        print(f"{name}: accuracy {accuracy:.4f}")
        square = {"extent": (-2.3, 2.3, -2.3, 2.3), "origin": "lower"}
        ax.imshow(colors, cmap="coolwarm", vmin=0, vmax=1, alpha=0.6, **square)
        ax.scatter(X[:, 0], X[:, 1], c=y[:, 0], cmap="coolwarm", s=8, edgecolors="black", linewidths=0.2)
        ax.set(title=f"{name}: accuracy {accuracy:.4f}", xlabel="$x_1$", ylabel="$x_2$")
        loss.plot(losses, label=name)
    loss.axhline(math.log(2), color="gray", linestyle="--", label="knows nothing: log 2")
    loss.set(xlabel="step", ylabel="binary cross-entropy", title="loss")
    loss.legend(fontsize="small")
    plt.tight_layout()
    plt.show()
