# %% [markdown]
# # Neural networks: a curve, and two spirals
#
# A linear model draws straight lines. Put **one hidden layer** with a curved function in front of it, and the
# same gradient descent can draw nearly anything. In this assignment you build that network twice: once to follow
# a wave (*regression*), once to tell two spirals apart (*classification*). Both times you write the model and the
# loop that trains it.
#
# | task | what you write | points |
# |---|---|---|
# | 1 | `NonlinearModel`, from a number to a number | 4 |
# | 2 | `train_regression`, with the mean squared error | 8 |
# | 3 | `NeuralClassifier`, from a point to a probability | 4 |
# | 4 | `train_classifier`, with the binary cross-entropy | 8 |
#
# **How to work.** Replace every `raise NotImplementedError(...)` by your own code. Keep the names and the
# parameters of the classes and functions; add functions of your own wherever you like. The cells that begin with
# `if __name__ == "__main__":` are for experiments: change them freely, they are not graded. The training functions
# are checked with models that the checks bring along, so each task counts for itself.
#
# ### Conventions in this whole assignment
#
# - A loss is recorded **before** the update of its step: the first entry belongs to the model as it came in.
# - Losses are returned as a plain list of Python **floats** (`.item()` makes a float of a tensor).
# - A run that diverges is a result as well: return the huge, `inf` or `nan` numbers as they are.
# - The model that comes in is the one that is trained, in place. The other arguments belong to the caller: do not
#   change them. Leave the mode of the model (`train()` or `eval()`) and the global settings of PyTorch as you find
#   them.
# - Any style is right: `nn.Linear` or your own `nn.Parameter`, `torch.optim.SGD` or an update by hand,
#   `backward()` or `torch.autograd.grad`.

# %%
from __future__ import annotations

import math

import torch
from torch import nn

# %% [markdown]
# ## Task 1: a network that bends
#
# `NonlinearModel` turns numbers into numbers: a batch of shape $(n, 1)$ goes in, a batch of shape $(n, 1)$ comes
# out. In between there is a hidden layer of 10 units with the function $\tanh$:
#
# $$ h = \tanh(W_1 x + b_1) \in \mathbb{R}^{10}, \qquad \hat y = W_2 h + b_2 . $$
#
# | parameter | shape in `nn.Linear` | numbers |
# |---|---|---|
# | $W_1$ | (10, 1) | 10 |
# | $b_1$ | (10,) | 10 |
# | $W_2$ | (1, 10) | 10 |
# | $b_2$ | (1,) | 1 |
#
# So there are 31 numbers to learn. The $\tanh$ is what matters. Without it, a linear layer of a linear layer is
# again a linear function, $W_2 (W_1 x + b_1) + b_2 = (W_2 W_1)\, x + (W_2 b_1 + b_2)$: 31 numbers for one straight
# line. And there is no $\tanh$ at the end, because it would lock the output between $-1$ and $1$.
#
# **Worked example.** Let every weight in $W_1$ be 1 and every bias in $b_1$ be 0, every weight in $W_2$ be 0.1,
# and $b_2 = 0.5$. Then the ten units all say the same, and $\hat y = \tanh(x) + 0.5$:
#
# | $x$ | tanh $x$ | $\hat y$ |
# |---|---|---|
# | -1 | -0.7616 | -0.2616 |
# | 0 | 0 | 0.5 |
# | 1 | 0.7616 | 1.2616 |
#
# (Ten units that start equal get equal gradients and stay equal forever: a network with one unit, ten times as
# slow to compute. So the parameters must start at different, random numbers. `nn.Linear` does that for you.)
#
# **Graded:** the shape of the output; that there are exactly these parameters; the formula, with parameters that the
# checks set; that the units start different. The names of your layers are up to you.


# %%
class NonlinearModel(nn.Module):
    """A network with one hidden layer of 10 tanh units, from (n, 1) to (n, 1)."""

    def __init__(self) -> None:
        """Make the two layers."""
        raise NotImplementedError("Task 1: write NonlinearModel.__init__: super().__init__(), then two layers.")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the predictions for x of shape (n, 1), shape (n, 1)."""
        raise NotImplementedError("Task 1: write NonlinearModel.forward: first layer, tanh, second layer.")


# %% [markdown]
# ## Task 2: training for numbers
#
# Write full-batch gradient descent with the **mean squared error**. In each of the `num_steps` steps
#
# 1. compute the predictions of the model for *all* rows of `x`, and the loss
#    $L = \frac{1}{n} \sum_{i=1}^{n} (\hat y_i - y_i)^2$;
# 2. record the loss, before anything is updated;
# 3. let autograd find the gradient of the loss with respect to every parameter $\theta$ of the model;
# 4. update every parameter, $\theta \leftarrow \theta - \eta\, \frac{\partial L}{\partial \theta}$, where $\eta$ is
#    `learning_rate`;
# 5. make sure that the next step starts with cleared gradients, because `backward()` *adds* to them.
#
# Return the list of the `num_steps` losses. With `num_steps=0` nothing happens and the list is empty.
#
# **Worked example.** The model is $\hat y = w\,x + b$ with $w = b = 0$ (an `nn.Linear(1, 1)`); the inputs are
# $x = 0, 1, 2$, the targets $y = 1, 3, 5$ (they lie on $2x + 1$); $\eta = 0.1$.
#
# | step | predictions | loss | gradient of $w$, $b$ | after the update: $w$, $b$ |
# |---|---|---|---|---|
# | 1 | 0, 0, 0 | 11.6667 | -8.6667, -6.0000 | 0.8667, 0.6000 |
# | 2 | 0.6000, 1.4667, 2.3333 | 3.2074 | -4.5778, -3.0667 | 1.3244, 0.9067 |
# | 3 | 0.9067, 2.2311, 3.5556 | 0.8954 | -2.4385, -1.5378 | 1.5683, 1.0604 |
#
# With `num_steps=3` the list is `[11.6667, 3.2074, 0.8954]`.
#
# **The trap of this task.** The targets have the shape $(n,)$, the predictions $(n, 1)$. If you subtract one from
# the other as they are, PyTorch *broadcasts*: it subtracts each of the $n$ targets from each of the $n$
# predictions, and averages an $n \times n$ table. In the example the first loss would still be 11.6667 (all
# predictions are equal, so nobody notices), but the second would be 6.1467. Bring the targets to the shape of the
# predictions first: `y.reshape(-1, 1)`.
#
# **Graded:** the example; other data and other models, also inputs with several columns; one step, many steps, none;
# a second call, which goes on where the first one ended; that the losses are recorded before the update; that
# training a linear model converges at the rate that theory gives, and that a network learns the wave below;
# that a diverging run comes back as numbers; **hygiene**: every step uses the gradient of its own loss and no other.


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
    raise NotImplementedError("Task 2: loop: predictions, loss, record, gradients, update.")


# %% [markdown]
# ### Look at it
#
# The gray line is the best that a straight line can do: its mean squared error on the wave is 0.4392. What does the
# network look like after 300 steps, after 3000, after 10,000? What happens with a learning rate of 1?

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
#
# Now the question is not *how much* but *which*: does a point in the plane belong to class 1 or to class 0? The
# network answers with a probability. `NeuralClassifier(hidden_size)` has the same two layers as in Task 1, with two
# inputs and `hidden_size` units (10, if nothing is said), and a **sigmoid**
# $\sigma(z) = 1 / (1 + e^{-z})$ at the end, which maps every number into $(0, 1)$:
#
# $$ h = \tanh(W_1 x + b_1) \in \mathbb{R}^{H}, \qquad p = \sigma(W_2 h + b_2) . $$
#
# A batch of points of shape $(n, 2)$ goes in, $n$ probabilities of shape $(n, 1)$ come out. With $H$ hidden units
# there are $2H + H + H + 1 = 4H + 1$ numbers to learn: 41 for the usual 10.
#
# **Worked example.** One hidden unit, `NeuralClassifier(hidden_size=1)`, with $W_1 = (1, -1)$, $b_1 = 0$, $W_2 = 2$,
# $b_2 = 0$. It compares the two coordinates, with $h = \tanh(x_1 - x_2)$, $z = 2h$ and $p = \sigma(z)$:
#
# | $x$ | $h$ | $z$ | $p$ |
# |---|---|---|---|
# | (1, 0) | 0.7616 | 1.5232 | 0.8210 |
# | (0, 1) | -0.7616 | -1.5232 | 0.1790 |
# | (1, 1) | 0 | 0 | 0.5 |
#
# **Graded:** shape and range of the output, and the number of the parameters, for 10 and for other numbers of units;
# the formula, with parameters that the checks set; that the units start different, and that your network can learn
# the spirals (trained by the checks).


# %%
class NeuralClassifier(nn.Module):
    """A network with one hidden layer of tanh units and a sigmoid at the end, from (n, 2) to (n, 1)."""

    def __init__(self, hidden_size: int = 10) -> None:
        """Make the two layers, with hidden_size hidden units."""
        raise NotImplementedError("Task 3: write NeuralClassifier.__init__: super().__init__(), then two layers.")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the probabilities of class 1 for x of shape (n, 2), shape (n, 1)."""
        raise NotImplementedError("Task 3: write NeuralClassifier.forward: layer, tanh, layer, sigmoid.")


# %% [markdown]
# ## Task 4: training for decisions
#
# The loop is the one of Task 2, with another loss: the **binary cross-entropy**
#
# $$ L = -\frac{1}{n} \sum_{i=1}^{n} \bigl( y_i \log p_i + (1 - y_i) \log (1 - p_i) \bigr) , $$
#
# which is small where the model gives a high probability to the class that is right. Record it before the update
# of its step, update with plain gradient descent on all rows, and return the list of the `num_steps` losses. With
# `num_steps=0` nothing happens and the list is empty.
#
# Three things to watch:
#
# - The model's output is already a **probability**. PyTorch has `nn.functional.binary_cross_entropy` for
#   probabilities and `binary_cross_entropy_with_logits` for what goes *into* the sigmoid. With the second one, the
#   sigmoid is applied twice.
# - The labels have the shape $(n, 1)$ here, the shape of the output. Look at the shapes before you subtract or
#   multiply, in every task.
# - The loss is the *mean* over the rows. With a sum, the same learning rate makes steps that are $n$ times as long.
#
# **Worked example.** A model without hidden units is *logistic regression*: $p = \sigma(w_1 x_1 + w_2 x_2 + b)$. It
# starts with zeros; the points are $(1, 0)$, $(0, 2)$, $(1, 1)$ with the labels 1, 0, 1; $\eta = 0.6$.
#
# | step | probabilities | loss | gradient of $w_1$, $w_2$, $b$ | after the update: $w_1$, $w_2$, $b$ |
# |---|---|---|---|---|
# | 1 | 0.5, 0.5, 0.5 | 0.6931 | -0.3333, 0.1667, -0.1667 | 0.2000, -0.1000, 0.1000 |
# | 2 | 0.5744, 0.4750, 0.5498 | 0.5990 | -0.2919, 0.1666, -0.1336 | 0.3751, -0.2000, 0.1801 |
# | 3 | 0.6354, 0.4453, 0.5879 | 0.5247 | -0.2589, 0.1595, -0.1105 | 0.5305, -0.2957, 0.2464 |
#
# With `num_steps=3` the list is `[0.6931, 0.5990, 0.5247]`. (The first loss, $\log 2 = 0.6931$, is that of a model
# that knows nothing. Remember it: a classifier that starts far above that, or never leaves it, has a problem.)
#
# **The spirals.** `make_spirals()` gives two arms that turn once around the center, 200 points each. No straight line
# separates them. After 3000 steps with the learning rate 0.5, the accuracy (the share of points that are
# on the right side of $p = 0.5$) comes out like this:
#
# | model | accuracy | asked for |
# |---|---|---|
# | logistic regression, `nn.Sequential(nn.Linear(2, 1), nn.Sigmoid())` | 0.7225 | stays below 0.75 |
# | a network of 10 tanh units | 0.9925 | at least 0.95 |
#
# **Graded:** the example; other data and other models; one step, many steps, none; a second call, which goes on
# where the first one ended; that the losses are recorded before the update; that a logistic
# model reaches the smallest loss that there is, and a network the accuracy in the table; **hygiene**: every step uses
# the gradient of its own loss and no other.


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
    raise NotImplementedError("Task 4: loop: probabilities, loss, record, gradients, update.")


# %% [markdown]
# ### Look at it
#
# The colors show what each model says about every point of the plane: blue is class 0, red is class 1. Where the
# color changes lies the border. What does the border of the network look like with 3 hidden units? With 30?

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
