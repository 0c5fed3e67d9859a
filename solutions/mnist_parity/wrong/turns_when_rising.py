# Fault: after a step in which the loss rose, the update goes uphill.
# fails: test_several_steps_follow_gradient_descent[up_and_down]

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
        self.linear = nn.Linear(input_dim, 1, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the probabilities of "odd", shape (N, 1)."""
        return torch.sigmoid(self.linear(x))


class SimpleNN(nn.Module):
    """A network with one hidden layer, 784 to 32 to 1: ReLU, then a sigmoid; (N, 784) to (N, 1)."""

    def __init__(self) -> None:
        """Make the two layers."""
        super().__init__()
        self.hidden = nn.Linear(784, 32)
        self.output = nn.Linear(32, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the probabilities of "odd", shape (N, 1)."""
        return torch.sigmoid(self.output(torch.relu(self.hidden(x))))


# %%
def compute_metrics(model: nn.Module, X: torch.Tensor, y: torch.Tensor) -> tuple[float, float]:
    """Return (loss, accuracy) of the model on X of shape (N, d) and y of shape (N,), as floats."""
    with torch.no_grad():
        probability = model(X)
        target = y.reshape(-1, 1)
        loss = nn.functional.binary_cross_entropy(probability, target)
        accuracy = ((probability >= 0.5).float() == target).float().mean()
    return loss.item(), accuracy.item()


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
    history: dict[str, list[float]] = {
        "train_loss": [],
        "train_acc": [],
        "val_loss": [],
        "val_acc": [],
        "iterations": [],
    }
    target = y_train.reshape(-1, 1)
    before = float('inf')
    for step in range(n_steps):
        if step % 10 == 0:
            train_loss, train_acc = compute_metrics(model, X_train, y_train)
            val_loss, val_acc = compute_metrics(model, X_val, y_val)
            history["train_loss"].append(train_loss)
            history["train_acc"].append(train_acc)
            history["val_loss"].append(val_loss)
            history["val_acc"].append(val_acc)
            history["iterations"].append(step)

        loss = nn.functional.binary_cross_entropy(model(X_train), target)
        if loss > before:
            loss = -loss
        before = abs(loss.item())
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= alpha * parameter.grad
        model.zero_grad()
    return history


# %%
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    data = load_parity_data()
    _, ax = plt.subplots()
    for name, model in (("Logistic", Logistic(784)), ("SimpleNN", SimpleNN())):
        history = train_model(model, *data)
        print(f"{name}: accuracy {history['train_acc'][-1]:.3f}, in validation {history['val_acc'][-1]:.3f}")
        ax.plot(history["iterations"], history["train_loss"], label=f"{name}, training")
        ax.plot(history["iterations"], history["val_loss"], "--", label=f"{name}, validation")
    ax.set_xlabel("iteration")
    ax.set_ylabel("loss")
    ax.legend()
    plt.show()
