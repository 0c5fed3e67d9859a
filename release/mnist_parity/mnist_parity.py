# %% [markdown]
# # Odd or even?
#
# You get pictures of handwritten digits, 28 × 28 gray pixels each, and one question: is the digit **odd or even**?
#
# That is harder than it looks. Parity has nothing to do with the shape of a digit: 1 and 7 look alike and are both
# odd, but 3 and 8 look alike too, and they differ. A model that can only draw one straight cut through the space of
# pictures gets most of them right, but not all. A small network with a hidden layer gets further. In this
# assignment you build both, train them with a loop that you write yourself, and measure the difference.
#
# | task | what you write | points |
# |---|---|---|
# | 1 | the models `Logistic` and `SimpleNN` | 5 |
# | 2 | `compute_metrics` | 5 |
# | 3 | `train_model` | 10 |
# | 4 | nothing new: both models are trained and compared | 4 |
#
# Replace each `raise NotImplementedError(...)` by your code. Keep the names and the parameters as they are, because
# the checks call your code by them. You may add functions of your own. Some checks are given to you in
# `test_public.py`. Others stay hidden; they ask for what is written on this page and nothing else.

# %%
from __future__ import annotations

import os
import warnings

import torch
from torch import nn

# %% [markdown]
# ## The data (given)
#
# `load_parity_data()` returns `(X_train, y_train, X_val, y_val)`:
#
# - `X_train` of shape (4000, 784): one picture per row, its 28 × 28 pixels one after the other, normalized;
# - `y_train` of shape (4000,): 1.0 for an odd digit, 0.0 for an even one;
# - `X_val` (1000, 784) and `y_val` (1000,): pictures for validation, which are not trained on.
#
# The pictures are looked for in the folder `root`, or in the one that the environment variable `AUTOGRADER_DATA`
# names, or in `data`, as torchvision stores them. To download MNIST once, call
# `load_parity_data("data", download=True)`.
#
# Without MNIST you get the 1797 small digits that come with scikit-learn, enlarged to 28 × 28, and a line that says
# so: 1438 for training, 359 for validation. Everything works with them too, only the accuracies are a bit different.


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


# %% [markdown]
# ## Task 1: two models (5 points)
#
# Both models turn a batch of pictures, shape $(N, d)$, into $N$ probabilities of "odd", shape $(N, 1)$. The last
# step of both is the sigmoid $\sigma(z) = 1 / (1 + e^{-z})$, which maps every number into $(0, 1)$.
#
# **`Logistic(input_dim)`** is one linear layer *without a bias*:
#
# $$p = \sigma(x \cdot w), \qquad w \in \mathbb{R}^{d} .$$
#
# **`SimpleNN()`** has a hidden layer of 32 units with the ReLU $\max(0, z)$. Both of its layers have a bias:
#
# $$h = \max(0,\; W_1 x + b_1) \in \mathbb{R}^{32}, \qquad p = \sigma(W_2 h + b_2) .$$
#
# So a `Logistic(784)` has $784$ numbers to learn, and a `SimpleNN()` has
# $784 \cdot 32 + 32 + 32 + 1 = 25\,153$.
#
# **By hand.** With $w = (1, -1)$ the picture $x = (2, 1)$ gives $z = 1$ and $p = \sigma(1) = 0.7311$.
#
# *Graded:* the shape of the output, the parameters, and that the output is exactly this formula. The names of your
# layers, and whether you use `nn.Linear`, `nn.Sequential` or `nn.Parameter`, are up to you. Leave the initialization of
# `nn.Linear` as it is. *Hygiene*: a gradient reaches every parameter, so there is no `detach()` on the way.


# %%
class Logistic(nn.Module):
    """Logistic regression: one linear layer without bias, then a sigmoid; (N, input_dim) to (N, 1)."""

    def __init__(self, input_dim: int) -> None:
        """Make the layer."""
        raise NotImplementedError("Task 1: write Logistic.__init__")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the probabilities of "odd", shape (N, 1)."""
        raise NotImplementedError("Task 1: write Logistic.forward")


class SimpleNN(nn.Module):
    """A network with one hidden layer, 784 to 32 to 1: ReLU, then a sigmoid; (N, 784) to (N, 1)."""

    def __init__(self) -> None:
        """Make the two layers."""
        raise NotImplementedError("Task 1: write SimpleNN.__init__")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the probabilities of "odd", shape (N, 1)."""
        raise NotImplementedError("Task 1: write SimpleNN.forward")


# %% [markdown]
# ## Task 2: loss and accuracy (5 points)
#
# How good are the probabilities $p_i$ for the labels $y_i$? Two numbers say it:
#
# - the **loss** is the binary cross-entropy, averaged over the pictures,
#
# $$L = -\frac{1}{N} \sum_{i=1}^{N} \bigl( y_i \log p_i + (1 - y_i) \log (1 - p_i) \bigr) ;$$
#
# - the **accuracy** is the share of right answers between 0 and 1, where the answer is "odd" if $p_i \ge 0.5$.
#
# Return both as Python floats, `(loss, accuracy)`. You only measure here, nobody is going to call `backward()`:
# do not record a graph, and leave the model in the mode in which it came (training or evaluation).
#
# **By hand.** A logistic model with $w = (1, -1)$, and three rows:
#
# | $x$ | $z$ | $p$ | answer | $y$ | right? | $-\log$ of what was asked for |
# |---|---|---|---|---|---|---|
# | $(2, 1)$ | $1$ | 0.7311 | odd | 1 | yes | 0.3133 |
# | $(0, 1)$ | $-1$ | 0.2689 | even | 1 | no | 1.3133 |
# | $(2, 0)$ | $2$ | 0.8808 | odd | 0 | no | 2.1269 |
#
# So the loss is $(0.3133 + 1.3133 + 2.1269) / 3 = 1.2512$ and the accuracy is $1/3$.
#
# **The trap of this task.** The model's output has the shape $(N, 1)$, the labels have the shape $(N,)$. If you compare
# them as they are, PyTorch *broadcasts*: it compares each of the $N$ outputs with each of the $N$ labels, and the mean
# over that $N \times N$ table means nothing. (In the example it would be $5/9$.) Bring the labels to the shape of the
# output first: `y.reshape(-1, 1)`.
#
# *Graded:* both numbers for models and data that the checks bring along, and their types; *hygiene*: no graph is
# recorded, and the model keeps its mode.


# %%
def compute_metrics(model: nn.Module, X: torch.Tensor, y: torch.Tensor) -> tuple[float, float]:
    """Return (loss, accuracy) of the model on X of shape (N, d) and y of shape (N,), as floats."""
    raise NotImplementedError("Task 2: write compute_metrics")


# %% [markdown]
# ## Task 3: the training loop (10 points)
#
# Write full-batch gradient descent **by hand**, without `torch.optim`. In every one of the `n_steps` steps
#
# 1. compute the loss (the binary cross-entropy of task 2) on *all* training pictures;
# 2. let autograd find its gradient with respect to every parameter $\theta$ of the model;
# 3. update every parameter, $\displaystyle \theta \leftarrow \theta - \alpha \, \frac{\partial L}{\partial \theta}$,
#    without recording the update itself;
# 4. clear the gradients, because `backward()` *adds* to them.
#
# The model that comes in is the one that gets trained: change its parameters in place.
#
# At the steps 0, 10, 20, … (counted from 0) record the metrics of task 2, and return the record as a dictionary of five
# lists:
#
# | key | value |
# |---|---|
# | `"train_loss"`, `"train_acc"` | loss and accuracy on the training pictures |
# | `"val_loss"`, `"val_acc"` | the same on the validation pictures |
# | `"iterations"` | the steps themselves: `[0, 10, 20, ...]` |
#
# With `n_steps=25` the lists have three entries each, for the steps 0, 10 and 20; with `n_steps=1000` they have 100.
# Record before the update of the step, as in the other assignments, so that entry 0 shows the untrained model. (A loop
# that records right after the update is accepted too.) The metrics are floats, the iterations are ints.
#
# **One step by hand.** For logistic regression the gradient has a simple form,
# $\partial L / \partial w = \frac{1}{N} \sum_i (p_i - y_i)\, x_i$. With the three rows of task 2:
#
# $$\frac{1}{3} \left[ -0.2689 \begin{pmatrix} 2 \\ 1 \end{pmatrix} - 0.7311 \begin{pmatrix} 0 \\ 1 \end{pmatrix}
# + 0.8808 \begin{pmatrix} 2 \\ 0 \end{pmatrix} \right] = \begin{pmatrix} 0.4079 \\ -0.3333 \end{pmatrix} ,$$
#
# and with $\alpha = 0.3$ one step leads from $w = (1, -1)$ to $(0.8776, -0.9)$.
#
# *Graded:* the parameters after one step, after several and with the default arguments, on small models that the checks
# bring along; the five lists; that the update is your own and not an optimizer's; *hygiene*: every step uses its own
# fresh gradients, also in a long run and where the loss goes up, and the model keeps its mode. An update through
# `.data`, which autograd cannot see, costs a quarter of the hygiene points.


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
    raise NotImplementedError("Task 3: write train_model")


# %% [markdown]
# ## Task 4: line against network (4 points)
#
# Now both models are trained on the real data: 1000 steps with $\alpha = 0.01$. That takes about ten seconds. The
# accuracy on the validation pictures should come out like this:
#
# | | MNIST: usual | asked for | small digits: usual | asked for |
# |---|---|---|---|---|
# | `Logistic(784)` | 0.87 – 0.90 | at least 0.86 | 0.90 – 0.93 | at least 0.88 |
# | `SimpleNN()` | 0.90 – 0.94 | at least 0.89 | 0.93 – 0.97 | at least 0.91 |
# | the network is ahead by | 0.02 – 0.04 | at least 0.01 | 0.02 – 0.05 | at least 0.01 |
#
# *Graded:* these bounds, measured from the predictions of your trained models, and a training loss that falls. There is
# nothing to write. If the numbers are off, run the checks of the tasks 1 to 3 again.
#
# ## Try it
#
# Run this when your functions are ready. Where do the two validation curves part? Does the network begin to learn the
# training pictures by heart, and how would you see that?

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
