# Right: nn.Parameter and matrix products instead of layers; the formula of the loss; metrics recorded after the update.

# %%
from __future__ import annotations

import os
import warnings

import torch
from torch import nn


# %%
def load_parity_data(
    root: str | None = None, n_samples: int = 5000, n_val: int = 1000, seed: int = 0, download: bool = False
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return (X_train, y_train, X_val, y_val): rows of 784 normalized pixels, and 1.0 for odd, 0.0 for even.

    `n_samples` pictures are picked at random with `seed`; the last `n_val` of them are for validation. Where there
    are fewer pictures than `n_samples`, all are taken and the validation part shrinks in proportion.
    """
    images, digits = _mnist(root or os.environ.get("AUTOGRADER_DATA") or "data", download) or _small_digits()
    count = min(n_samples, len(images))
    train = count - n_val * count // n_samples
    picked = torch.randperm(len(images), generator=torch.Generator().manual_seed(seed))[:count]
    X = ((images[picked].float() / images.max() - 0.1307) / 0.3081).reshape(count, 784)
    y = (digits[picked] % 2).float()
    return X[:train], y[:train], X[train:], y[train:]


def _mnist(root: str, download: bool) -> tuple[torch.Tensor, torch.Tensor] | None:
    """The pictures and digits of MNIST's training set in `root`, or None where there are none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # Imported only here: a torchvision that does not fit the installed torch fails at this point.
            from torchvision.datasets import MNIST

            dataset = MNIST(root, train=True, download=download)
    except (ImportError, AttributeError, RuntimeError, OSError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        print(f"No MNIST here ({reason}).")
        return None
    return dataset.data, dataset.targets


def _small_digits() -> tuple[torch.Tensor, torch.Tensor]:
    """Scikit-learn's digits, enlarged from 8 x 8 to 28 x 28."""
    from sklearn.datasets import load_digits

    print("Using the small digits of scikit-learn instead: 1797 pictures, enlarged to 28 x 28.")
    digits = load_digits()
    images = torch.tensor(digits.images, dtype=torch.float32).unsqueeze(1)
    images = nn.functional.interpolate(images, size=(28, 28), mode="bilinear", align_corners=False)
    return images.squeeze(1), torch.tensor(digits.target, dtype=torch.int64)


# %%
class Logistic(nn.Module):
    """Logistic regression: one linear layer without bias, then a sigmoid; (N, input_dim) to (N, 1)."""

    def __init__(self, input_dim: int) -> None:
        """Make the layer."""
        super().__init__()
        self.w = nn.Parameter(torch.zeros(input_dim))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the probabilities of "odd", shape (N, 1)."""
        return 1 / (1 + torch.exp(-(x @ self.w).unsqueeze(1)))


class SimpleNN(nn.Module):
    """A network with one hidden layer, 784 to 32 to 1: ReLU, then a sigmoid; (N, 784) to (N, 1)."""

    def __init__(self) -> None:
        """Make the two layers."""
        super().__init__()
        self.w1 = nn.Parameter((2 * torch.rand(784, 32) - 1) / 784**0.5)
        self.w2 = nn.Parameter((2 * torch.rand(32, 1) - 1) / 32**0.5)
        self.b1 = nn.Parameter((2 * torch.rand(32) - 1) / 784**0.5)
        self.b2 = nn.Parameter(torch.zeros(1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the probabilities of "odd", shape (N, 1)."""
        return (torch.clamp(x @ self.w1 + self.b1, min=0) @ self.w2 + self.b2).sigmoid()


# %%
def compute_metrics(model: nn.Module, X: torch.Tensor, y: torch.Tensor) -> tuple[float, float]:
    """Return (loss, accuracy) of the model on X of shape (N, d) and y of shape (N,), as floats."""
    with torch.no_grad():
        p = model(X).squeeze(1).clamp(1e-7, 1 - 1e-7)
        loss = -(y * torch.log(p) + (1 - y) * torch.log(1 - p)).mean().item()
        accuracy = torch.where(p < 0.5, 0.0, 1.0).eq(y).double().mean().item()
    return loss, accuracy


# %%
def train_model(
    model: nn.Module,
    X_train: torch.Tensor,
    y_train: torch.Tensor,
    X_val: torch.Tensor,
    y_val: torch.Tensor,
    alpha: float = 0.01,
    n_steps: int = 1000,
) -> dict[str, list[float]]:
    """Train the model in place by full-batch gradient descent and return the record of every tenth step.

    The keys are train_loss, train_acc, val_loss, val_acc (floats) and iterations (0, 10, 20, ...).
    """
    train_loss, train_acc, val_loss, val_acc, iterations = [], [], [], [], []
    parameters = list(model.parameters())
    for step in range(n_steps):
        p = model(X_train).view(-1).clamp(1e-7, 1 - 1e-7)
        loss = -torch.where(y_train == 1, p, 1 - p).log().mean()
        gradients = torch.autograd.grad(loss, parameters)
        with torch.no_grad():
            torch._foreach_add_(parameters, gradients, alpha=-alpha)
        if step % 10 == 0:
            loss_here, acc_here = compute_metrics(model, X_train, y_train)
            train_loss.append(loss_here)
            train_acc.append(acc_here)
            loss_here, acc_here = compute_metrics(model, X_val, y_val)
            val_loss.append(loss_here)
            val_acc.append(acc_here)
            iterations.append(step)
    return dict(
        train_loss=train_loss, train_acc=train_acc, val_loss=val_loss, val_acc=val_acc, iterations=iterations
    )


# %%
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    data = load_parity_data()
    _, ax = plt.subplots()
    for name, model in (("Logistic", Logistic(784)), ("SimpleNN", SimpleNN())):
        history = train_model(model, *data)
        print(f"{name}: accuracy {history['train_acc'][-1]:.3f} in training, {history['val_acc'][-1]:.3f} in validation")
        ax.plot(history["iterations"], history["train_loss"], label=f"{name}, training")
        ax.plot(history["iterations"], history["val_loss"], "--", label=f"{name}, validation")
    ax.set_xlabel("iteration")
    ax.set_ylabel("loss")
    ax.legend()
    plt.show()
