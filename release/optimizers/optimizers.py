# %% [markdown]
# # Optimizers from scratch
#
# `optimizer.step()` looks like magic until you have written it. It is not: SGD, momentum, RMSprop and Adam are
# two to six lines of arithmetic each, and they differ in what they *remember* of the gradients before. You will
# write all four, check them against the ones in `torch.optim`, let them race, and build the two tools that people
# reach for when a training run goes wrong: clipping the gradients, and looking at them layer by layer.
#
# | task | functions | points |
# |---|---|---|
# | 1 | `sgd_step`, `momentum_step` | 5 |
# | 2 | `rmsprop_step` | 3 |
# | 3 | `adam_step` | 4 |
# | 4 | `clip_gradients` | 3 |
# | 5 | `compare_optimizers` | 6 |
# | 6 | `gradient_flow` | 4 |
#
# **How to work.** Replace every `raise NotImplementedError(...)` by your own code. Keep the names and the
# parameters of the functions; add functions of your own wherever you like. The cells that begin with `if
# __name__ == "__main__":` are for experiments: change them freely, they are not graded.
#
# ### What the four step functions have in common
#
# - `parameters` is a list of tensors, as `list(model.parameters())` gives it; their shapes may differ, and they may
#   require a gradient. **Change these tensors in place**, under `torch.no_grad()`: `p = p - …` would only give a
#   new tensor to the name `p`, and the model would never hear of it.
# - `gradients` is a list with one tensor for each parameter, of the same shape. They belong to the caller: read
#   them, do not change them, and expect that the caller writes other numbers into them after your step.
# - `state` is a dict. It is empty before the first step, and the same dict is handed to you again at every later
#   step: keep in it whatever you have to remember. What it holds is your choice. Remember nothing outside of it
#   (no global variables): another training run brings another dict.
# - All of them calculate element by element: $g^2$ and $\sqrt{v}$ are the squares and the roots of the single
#   entries.
# - They return nothing.
#
# Any style is right (loops, `torch.lerp`, `torch._foreach_…`), but the arithmetic is to be yours: do not call
# `torch.optim` in tasks 1 to 3.

# %%
from __future__ import annotations

from collections.abc import Callable, Iterable

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes

# %% [markdown]
# ## The valley
#
# All worked examples of tasks 1 to 3 walk down the same long valley, which is ten times as steep across as along:
#
# $$ f(w) = \tfrac12\,(w_1^2 + 10\,w_2^2), \qquad \nabla f(w) = (w_1,\; 10\,w_2), \qquad
# \text{start } w = (1, 1), \quad \text{learning rate } \eta = 0.05 . $$
#
# The gradient at the start is $(1, 10)$. These are the points after each of the first three steps; all settings
# but the learning rate have their default values:
#
# | step | SGD | momentum | RMSprop | Adam |
# |---|---|---|---|---|
# | 1 | (0.950000, 0.500000) | (0.950000, 0.500000) | (0.500000, 0.500000) | (0.950000, 0.950000) |
# | 2 | (0.902500, 0.250000) | (0.857500, -0.200000) | (0.275493, 0.275493) | (0.900083, 0.900083) |
# | 3 | (0.857375, 0.125000) | (0.731375, -0.730000) | (0.154844, 0.154844) | (0.850312, 0.850312) |
#
# The last two move both coordinates equally, although one derivative is ten times the other.


# %%
def valley(w: torch.Tensor) -> torch.Tensor:
    """Return (w[0]² + 10·w[1]²) / 2, a tensor of no dimensions."""
    return 0.5 * (w[0] ** 2 + 10 * w[1] ** 2)


def walk(step: Callable[..., None], num_steps: int, **settings: float) -> list[list[float]]:
    """Return the points of a walk down the valley from (1, 1): the start, then one after each step."""
    w = torch.nn.Parameter(torch.ones(2))
    state: dict = {}
    points = [w.tolist()]
    for _ in range(num_steps):
        (gradient,) = torch.autograd.grad(valley(w), [w])
        step([w], [gradient], state, **settings)
        points.append(w.tolist())
    return points


# %% [markdown]
# ## Task 1: SGD and momentum
#
# **SGD** remembers nothing:
#
# $$ p \leftarrow p - \eta\, g . $$
#
# One step from $(1, 1)$ in the valley: $(1 - 0.05 \cdot 1,\; 1 - 0.05 \cdot 10) = (0.95, 0.5)$.
#
# **Momentum** keeps a *velocity* $b$ for every parameter, zero before the first step. It adds the new gradient to
# a part $\mu$ of the old velocity, and moves along the velocity:
#
# $$ b \leftarrow \mu\, b + g, \qquad p \leftarrow p - \eta\, b . $$
#
# The first step is that of SGD. At the second one the gradient is $(0.95, 5)$, so with $\mu = 0.9$
#
# $$ b = 0.9 \cdot (1, 10) + (0.95, 5) = (1.85, 14), \qquad p = (0.95, 0.5) - 0.05 \cdot (1.85, 14)
# = (0.8575, -0.2) . $$
#
# The ball has rolled through the bottom of the valley and up the other side. Along the valley it is faster than
# SGD: a gradient that keeps its direction is worth up to $1 / (1 - \mu) = 10$ of itself.
#
# In `torch.optim`, momentum is an option of `SGD`. This is its formula, without dampening or Nesterov's variant.
#
# **Graded:** the table; 200 steps on several parameters of different shapes against `torch.optim.SGD`, to
# $10^{-6}$; the default values; that a new `state` begins anew; that along a parabola the distance to its bottom
# follows the law of each method; that an explosion comes back as numbers; **hygiene**: the parameters stay the
# leaves that they were, and the gradients are only read.


# %%
def sgd_step(parameters: list[torch.Tensor], gradients: list[torch.Tensor], state: dict, lr: float = 1e-3) -> None:
    """Change the parameters in place by one step of SGD: p ← p - lr·g. The state is not needed."""
    raise NotImplementedError("Task 1: subtract lr times its gradient from every parameter, in place.")


# %%
def momentum_step(
    parameters: list[torch.Tensor],
    gradients: list[torch.Tensor],
    state: dict,
    lr: float = 1e-3,
    momentum: float = 0.9,
) -> None:
    """Change the parameters in place by one step of SGD with momentum: b ← momentum·b + g, p ← p - lr·b.

    The velocities b are kept in state; they are zero before the first step.
    """
    raise NotImplementedError("Task 1: a velocity for every parameter, kept in state; move along it.")


# %% [markdown]
# ## Task 2: RMSprop
#
# One learning rate for all is bad for the valley: across it 0.05 is a lot, along it is little. RMSprop measures how
# large the derivatives of each single number usually are, and divides by it. It keeps a running mean $v$ of the
# *squared* gradients, zero before the first step:
#
# $$ v \leftarrow \alpha\, v + (1 - \alpha)\, g^2, \qquad p \leftarrow p - \eta\, \frac{g}{\sqrt{v} + \varepsilon} . $$
#
# Note where $\varepsilon$ stands: it is added to the root, not under it. Its only purpose is that nothing is
# divided by zero.
#
# **Worked example.** With $\alpha = 0.99$ the first step has $v = 0.01 \cdot (1, 100) = (0.01, 1)$ and
# $\sqrt{v} = (0.1, 1)$. So $g / \sqrt{v} = (10, 10)$, and $p = (1, 1) - 0.05 \cdot (10, 10) = (0.5, 0.5)$.
#
# So the first step has the length $\eta / \sqrt{1 - \alpha}$ in every coordinate, ten times the learning rate,
# however large or small the gradient is (as long as it is not as tiny as $\varepsilon$). This is because $v$ begins
# with zero; Adam will mend it.
#
# **Graded:** the table; 200 steps against `torch.optim.RMSprop`, to $10^{-6}$; the default values; another
# $\varepsilon$; gradients that are zero; that a new `state` begins anew; the length of the first step for large and
# small gradients; **hygiene** as in task 1.


# %%
def rmsprop_step(
    parameters: list[torch.Tensor],
    gradients: list[torch.Tensor],
    state: dict,
    lr: float = 1e-2,
    alpha: float = 0.99,
    eps: float = 1e-8,
) -> None:
    """Change the parameters in place by one step of RMSprop: v ← alpha·v + (1 - alpha)·g², p ← p - lr·g/(√v + eps).

    The running means v are kept in state; they are zero before the first step.
    """
    raise NotImplementedError("Task 2: a running mean of the squared gradients, kept in state.")


# %% [markdown]
# ## Task 3: Adam
#
# Adam has both memories: a running mean $m$ of the gradients (momentum) and a running mean $v$ of their squares
# (RMSprop), both zero before the first step. With $t = 1, 2, 3, \dots$ for the number of the step:
#
# $$ m \leftarrow \beta_1 m + (1 - \beta_1)\, g, \qquad v \leftarrow \beta_2 v + (1 - \beta_2)\, g^2, $$
# $$ \hat m = \frac{m}{1 - \beta_1^t}, \qquad \hat v = \frac{v}{1 - \beta_2^t}, \qquad
# p \leftarrow p - \eta\, \frac{\hat m}{\sqrt{\hat v} + \varepsilon} . $$
#
# The hats are the **bias correction**. Both means begin with zero, so at first they are far too small: $m$ after
# one step is only a tenth of the gradient. Divided by $1 - \beta_1^t$ it is a true mean of the gradients so far.
# $m$ and $v$ themselves stay as they are: it is the uncorrected ones that the next step goes on with.
#
# **Worked example.** Step 1: $m = 0.1 \cdot (1, 10)$ and $v = 0.001 \cdot (1, 100)$, corrected
# $\hat m = (1, 10)$ and $\hat v = (1, 100)$. So $\hat m / \sqrt{\hat v} = (1, 1)$, and
# $p = (1, 1) - 0.05 \cdot (1, 1) = (0.95, 0.95)$.
#
# Step 2: the gradient is $(0.95, 9.5)$. For the first coordinate
#
# $$ \hat m = \frac{0.09 + 0.095}{1 - 0.81} = 0.973684, \qquad
# \hat v = \frac{0.000999 + 0.0009025}{1 - 0.998001} = 0.951226, $$
#
# so it moves by $0.05 \cdot 0.973684 / \sqrt{0.951226} = 0.049917$, to $0.900083$.
#
# Multiply all gradients by 1000, and Adam makes the same walk, as long as $\varepsilon$ is too small to matter:
# the factor cancels. That is why its default learning rate works for so many networks.
#
# **Graded:** the table; 200 steps against `torch.optim.Adam`, to $10^{-6}$; the default values; other
# $\beta_1, \beta_2$ and $\varepsilon$; gradients that are zero; that a new `state` begins anew, also the number of
# the step; that the walk does not depend on the scale of the gradients; **hygiene** as in task 1.


# %%
def adam_step(
    parameters: list[torch.Tensor],
    gradients: list[torch.Tensor],
    state: dict,
    lr: float = 1e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
) -> None:
    """Change the parameters in place by one step of Adam, with bias correction; betas are (β₁, β₂).

    The running means m and v and the number of the step are kept in state; they are zero before the first step.
    """
    raise NotImplementedError("Task 3: two running means and the number of the step, kept in state.")


# %% [markdown]
# The four walks in one picture. RMSprop (drawn wide) and Adam go down the same diagonal, one in large steps and one in
# small ones; momentum swings around the bottom; SGD is across the valley at once and then creeps along it.

# %%
if __name__ == "__main__":
    _, ax = plt.subplots(figsize=(8, 4))
    across, along = torch.meshgrid(torch.linspace(-1.1, 1.1, 111), torch.linspace(-0.6, 1.1, 171), indexing="ij")
    heights = valley(torch.stack([along, across]))
    ax.contour(along, across, heights, levels=[0.05, 0.2, 0.5, 1, 2, 4], colors="lightgray")
    for step in (sgd_step, momentum_step, rmsprop_step, adam_step):
        points = walk(step, 30, lr=0.05)
        print(f"{step.__name__:14}", *(f"({w1:.6f}, {w2:.6f})" for w1, w2 in points[1:4]))
        wide = {"linewidth": 5, "markersize": 14, "alpha": 0.5} if step is rmsprop_step else {}
        ax.plot(*zip(*points, strict=True), marker=".", label=step.__name__, **wide)
    ax.plot(0, 0, "k*", markersize=12, label="the bottom")
    ax.set(title="30 steps down the valley", xlabel="$w_1$, along the valley", ylabel="$w_2$, across")
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
    plt.tight_layout()
    plt.show()

# %% [markdown]
# ## Task 4: clipping gradients
#
# Now and then a single batch has an enormous gradient, and one step along it throws a trained network far away. The
# usual seat belt: if the gradients together are longer than `max_norm`, shrink them all by the same factor. Their
# direction stays, their length becomes `max_norm`.
#
# Together means: the norm of **one** long vector that holds the gradients of all parameters,
#
# $$ N = \sqrt{\textstyle\sum_{\text{parameters}} \lVert g \rVert^2}, \qquad
# g \leftarrow g \cdot \min\Bigl(1,\; \frac{c}{N + 10^{-6}}\Bigr) , $$
#
# where $c$ is `max_norm`. The $10^{-6}$ keeps a norm of zero from dividing by zero; a solution that handles zero in
# another way is just as right. Gradients that are short enough stay exactly as they are.
#
# **Worked example.** Two parameters have the gradients $(3, 0)$ and $(0, 4)$. Then $N = 5$. With `max_norm=1` they
# become $(0.6, 0)$ and $(0, 0.8)$, and the function returns `5.0`. With `max_norm=10` nothing changes, and it
# returns `5.0` as well.
#
# - Change each parameter's `.grad` **in place**, and nothing else. It may be called with `model.parameters()`,
#   which can be walked through only *once*: make a list of it first.
# - Skip parameters whose `.grad` is `None`. Without any gradient the norm is `0.0`.
# - Return $N$ *before* the clipping, as a Python float.
#
# Write it yourself: do not call `torch.nn.utils`.
#
# **Graded:** the example; other shapes and norms; gradients that are `None` or zero; `model.parameters()`; that
# clipping a second time changes nothing more; the float; **hygiene**: the parameters are not changed, and the tensors
# in `.grad` are the same ones as before, with other numbers in them.


# %%
def clip_gradients(parameters: Iterable[torch.Tensor], max_norm: float) -> float:
    """Return the norm of all gradients together, as a float, and shrink them in place to at most max_norm."""
    raise NotImplementedError("Task 4: one norm of all gradients, one factor for all of them.")


# %% [markdown]
# ## Task 5: a fair race
#
# Which optimizer is the best? Let them race on the same track. `compare_optimizers` trains one model for each
# optimizer and returns the record of the losses.
#
# - `model_factory()` makes a new model with random parameters. Fair means that **all optimizers begin with the same
#   parameters**: call it once and give a copy (`copy.deepcopy`) to each of them.
# - `X` has the shape $(n, d)$, `y` has $(n,)$, and the model's output is $(n, 1)$. The loss is the **mean squared
#   error** over all rows. Bring `y` to the shape of the output: $(n, 1)$ minus $(n,)$ is an $n \times n$ table, and
#   the loss is wrong without any error.
# - `optimizers` is a dict from names to step functions that are called as `step(parameters, gradients, state)`,
#   each with a `state` of its own. Without it (`None`) the four functions of tasks 1 to 3 race, with their
#   default settings, under the names `"sgd"`, `"momentum"`, `"rmsprop"` and `"adam"`, in this order.
# - Make `num_steps` steps with the gradient of all rows, and record the loss of each step **before** its update.
# - Return a dict with the same names: for each one the list of its `num_steps` losses, as Python floats. A run that
#   explodes is a result as well: return its huge, `inf` or `nan` numbers as they are.
# - `X` and `y` belong to the caller: do not change them.
#
# **Worked example.** The model is $\hat y = w\,x + b$ with $w = b = 0$, two rows $x = 1, 2$ with $y = 2, 4$, and the
# optimizer is SGD with learning rate $0.1$. The first loss is $(4 + 16) / 2 = 10$, the gradient $(-10, -6)$, and the
# update gives $w = 1.0$, $b = 0.6$. There the predictions are $1.6$ and $2.6$, and the second loss is $1.06$. So with
# `num_steps=2` the list is `[10.0, 1.06]`.
#
# To give an optimizer another learning rate, wrap it: `functools.partial(adam_step, lr=0.05)`.
#
# **Graded:** the example; other data, models and optimizers, also `None`; that all begin with the same loss, and
# none disturbs another; the number, the order and the type of what comes back; a second call; an explosion;
# that with plain gradient descent the loss of a linear model falls at the rate of theory; **hygiene**: every step uses
# its own fresh gradient, and the histories keep no old graphs alive. If your own step functions are wrong, that costs
# points in their tasks only.


# %%
def make_wave_data(num: int = 64, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Return X of shape (num, 1), between -3 and 3, and y of shape (num,): a sine with a little noise."""
    generator = torch.Generator().manual_seed(seed)
    X = 6 * torch.rand(num, 1, generator=generator) - 3
    return X, torch.sin(X[:, 0]) + 0.1 * torch.randn(num, generator=generator)


def small_network() -> torch.nn.Module:
    """Return a new network 1 → 16 → 1 with tanh."""
    return torch.nn.Sequential(torch.nn.Linear(1, 16), torch.nn.Tanh(), torch.nn.Linear(16, 1))


# %%
def compare_optimizers(
    model_factory: Callable[[], torch.nn.Module],
    X: torch.Tensor,
    y: torch.Tensor,
    optimizers: dict[str, Callable[..., None]] | None = None,
    num_steps: int = 100,
) -> dict[str, list[float]]:
    """Return for each optimizer the list of its losses, one float per step, recorded before the update.

    All models begin with the same parameters. Without optimizers, the four step functions race with their defaults.
    """
    raise NotImplementedError("Task 5: for every optimizer a copy of one model, a state, and a training loop.")


# %% [markdown]
# Run the race when your functions are ready. With the default learning rates SGD has not even halved its loss after
# 300 steps, and RMSprop, whose default rate is ten times larger, leads. Is that fair? Change the learning rates
# below and see how far you can believe a picture with the title "Adam is better".

# %%
if __name__ == "__main__":
    import functools

    X, y = make_wave_data()
    races = {
        "the defaults": None,
        "learning rate 0.05, RMSprop 0.01": {
            "sgd": functools.partial(sgd_step, lr=0.05),
            "momentum": functools.partial(momentum_step, lr=0.05),
            "rmsprop": rmsprop_step,
            "adam": functools.partial(adam_step, lr=0.05),
        },
    }
    _, axes = plt.subplots(1, 2, figsize=(10, 4), sharey=True)
    for ax, (title, optimizers) in zip(axes, races.items(), strict=True):
        torch.manual_seed(0)
        for name, losses in compare_optimizers(small_network, X, y, optimizers, num_steps=300).items():
            ax.semilogy(losses, label=name)
        ax.set(title=title, xlabel="step", ylabel="loss")
        ax.legend()
    plt.show()

# %% [markdown]
# ## Task 6: where the gradient vanishes
#
# A deep network of sigmoids learns nothing, and no optimizer can help it. Why? On its way back through the network
# the gradient is multiplied at every layer by a derivative of the activation, and that of the sigmoid is at most
# $\tfrac14$. After seven such layers little is left: the gradient **vanishes**. You see it as soon as you draw
# the length of the gradient, layer by layer.
#
# `gradient_flow(model, loss)` returns a pair `(norms, ax)`.
#
# - `norms` is a dict from the name of each layer to the norm of its gradient, a Python float. A *layer* is all
#   parameters whose names agree up to the last point: `2.weight` and `2.bias` are layer `"2"`, `head.0.weight`
#   belongs to layer `"head.0"`. The norm is that of all its parameters together, as in task 4. The layers stand in
#   the order of `model.named_parameters()`.
# - A parameter that does not require a gradient, or that the loss does not depend on, counts as zero.
# - `ax` is the matplotlib `Axes` of a **new figure** (`plt.subplots()`), with one bar for each layer, from left to
#   right in that order, as high as its norm. The vertical axis is logarithmic (`ax.set_yscale("log")`), the bars
#   have the names of the layers below them, and both axes have a label. Do not call `plt.show()`.
# - It is a measurement: every parameter's `.grad` is after it what it was before, and so are the
#   parameters themselves. `torch.autograd.grad` (with `allow_unused=True`) touches no `.grad`. The graph of the
#   loss may be used up.
#
# **Worked example.** Two layers without activation: layer `"0"` multiplies by 2, layer `"1"` by 3 and adds 0. The
# input is 1, so the output is $z = 6$, and the loss is $z^2 = 36$. Its derivative with respect to $z$ is $12$; so for
# the weight of layer `"0"` it is $12 \cdot 3 = 36$, for the weight of layer `"1"` $12 \cdot 2 = 24$, and for its
# bias $12$. The result is `{"0": 36.0, "1": 26.8328}`, because $\sqrt{24^2 + 12^2} = 26.8328$.
#
# **Graded:** the example; other networks, nested and partly frozen ones too; that the given deep network
# of sigmoids shows its vanishing gradient, and that of ReLUs shows none so bad; the bars, the scale and the labels;
# the new figure; **hygiene**: no `.grad` and no parameter is changed.


# %%
def deep_network(activation: str = "Sigmoid") -> torch.nn.Module:
    """Return a new network of 8 layers, 1 → 10 → … → 10 → 1, with that activation of torch.nn between them."""
    layers = [torch.nn.Linear(1, 10)]
    for _ in range(6):
        layers += [getattr(torch.nn, activation)(), torch.nn.Linear(10, 10)]
    return torch.nn.Sequential(*layers, getattr(torch.nn, activation)(), torch.nn.Linear(10, 1))


# %%
def gradient_flow(model: torch.nn.Module, loss: torch.Tensor) -> tuple[dict[str, float], Axes]:
    """Return (norms, ax): the norm of the loss's gradient for each layer, and the Axes of a bar chart of them."""
    raise NotImplementedError("Task 6: the gradients, one norm per layer, a bar chart with a logarithmic scale.")


# %%
if __name__ == "__main__":
    X, y = make_wave_data()
    for activation in ("Sigmoid", "ReLU"):
        torch.manual_seed(0)
        model = deep_network(activation)
        norms, ax = gradient_flow(model, ((model(X)[:, 0] - y) ** 2).mean())
        ax.set_title(f"{activation}: the first layer has {norms['0'] / norms['14']:.1e} of the last one's gradient")
        ax.set_ylim(1e-6, 10)
    plt.show()
