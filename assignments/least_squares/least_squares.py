# %% [markdown]
# # Least squares: one valley, three ways down
#
# Given a table $X$ with $n$ rows and $d$ columns and a target $y_i$ for each row, find the weights $w$ with
# $Xw \approx y$. That is the oldest problem of machine learning, and the loss
#
# $$ L(w) = \frac{1}{2n} \sum_{i=1}^{n} \bigl( (Xw)_i - y_i \bigr)^2 = \tfrac12\, \mathrm{mean}\bigl((Xw - y)^2\bigr) $$
#
# is the friendliest one: a single smooth bowl. Everything about gradient descent can be *computed* here: which step
# size is too large, how fast the error shrinks, and why a path zigzags. You will walk down this bowl in three ways:
#
# | task | what you write | where the gradient comes from | points |
# |---|---|---|---|
# | 1 | `manual_gradient` | a formula | 3 |
# | 2 | `step_size` | | 3 |
# | 3 | `gradient_descent_manual` | your formula of Task 1 | 6 |
# | 4 | `gradient_descent_autograd` | autograd | 6 |
# | 5 | the model `LinearModel` | | 3 |
# | 6 | `train_linear_model` | autograd, and an optimizer makes the update | 4 |
#
# **How to work.** Replace every `raise NotImplementedError(...)` by your own code. Keep the names and the parameters of
# the functions; add functions of your own wherever you like. The cells that begin with `if __name__ == "__main__":`
# are for experiments: change them freely, they are not graded. Some checks are given to you in `test_public.py`. Others
# stay hidden; they ask for what is written on this page and nothing else.
#
# ### Conventions in this whole assignment
#
# - `X` has the shape $(n, d)$, `y` the shape $(n,)$, and `w` the shape $(d,)$, all of dtype float32.
# - A number that you return is a Python **float**, and so is each entry of a list of losses (`.item()` makes a float
#   of a tensor).
# - What is recorded at a step is recorded **before** the update of that step: entry 0 belongs to the start.
# - A run that diverges is a result as well: return the huge, `inf` or `nan` numbers as they are.
# - The arguments belong to the caller: apart from the parameters of the model that you train, do not change them.
# - Where nothing is said about the method, any method is right.

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
#
# Tasks 1 to 4 use the same small table, so that you can follow every number with a pencil:
#
# $$ X = \begin{pmatrix} 1 & 2 \\ 1 & -2 \\ 1 & -2 \\ 1 & 2 \end{pmatrix}, \qquad
# y = \begin{pmatrix} 6 \\ -2 \\ 0 \\ 4 \end{pmatrix}, \qquad
# X^\top X = \begin{pmatrix} 4 & 0 \\ 0 & 16 \end{pmatrix}, \qquad X^\top y = \begin{pmatrix} 8 \\ 24 \end{pmatrix} . $$
#
# The best weights solve $X^\top X w = X^\top y$, so they are $(2, 1.5)$, and the loss there is $0.5$.

# %%
X_EXAMPLE = torch.tensor([[1.0, 2.0], [1.0, -2.0], [1.0, -2.0], [1.0, 2.0]])
Y_EXAMPLE = torch.tensor([6.0, -2.0, 0.0, 4.0])

# %% [markdown]
# ## Task 1: the gradient by hand (3 points)
#
# The loss $L(w)$ from the top of the page has the gradient
#
# $$ \nabla L(w) = \frac{1}{n}\, X^\top (Xw - y) . $$
#
# (The $\tfrac12$ in the loss is there to cancel the 2 that comes down from the square.) Type it in, without a loop and
# without autograd.
#
# **By hand.** At $w = (0, 0)$ the difference $Xw - y$ is $-y$, so the gradient is
# $-\tfrac14 X^\top y = (-2, -6)$. At $w = (1, 1)$ the prediction $Xw$ is $(3, -1, -1, 3)$, the difference is
# $(-3, 1, -1, -1)$, and the gradient is $\tfrac14 (-4, -8) = (-1, -2)$.
#
# **Graded:** the gradient as a tensor of shape $(d,)$, on this example and on tables of other sizes; that you use no
# autograd; **hygiene**: `X`, `y` and `w` are left as they were.


# %%
def manual_gradient(X: torch.Tensor, y: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
    """Return the gradient of ½·mean((Xw - y)²) at w, shape (d,), by its formula."""
    raise NotImplementedError("Task 1: write manual_gradient")


# %%
if __name__ == "__main__":
    print("at (0, 0):", manual_gradient(X_EXAMPLE, Y_EXAMPLE, torch.zeros(2)))
    print("at (1, 1):", manual_gradient(X_EXAMPLE, Y_EXAMPLE, torch.ones(2)))

# %% [markdown]
# ## Task 2: the step size (3 points)
#
# How far may one step go? Gradient descent updates $w \leftarrow w - \alpha \nabla L(w)$. Let $w^*$ be the best
# weights. Put $e = w - w^*$ into the formula of Task 1 and the update becomes
#
# $$ e \;\leftarrow\; \Bigl( I - \tfrac{\alpha}{n} X^\top X \Bigr)\, e . $$
#
# Along each eigenvector of $\tfrac1n X^\top X$ the error is multiplied by $1 - \alpha\lambda$, where $\lambda$ is the
# eigenvalue, the *curvature* of the bowl in that direction. If $0 < \alpha\lambda < 2$, that factor lies between $-1$
# and $1$ and the error shrinks. The steepest direction sets the limit: its curvature is
# $\lambda_{\max} = \sigma_{\max}(X)^2 / n$, where $\sigma_{\max}(X)$ is the largest **singular value** of $X$. With
# $\alpha > 2 / \lambda_{\max}$ the error grows in that direction. Let `step_size` return nine tenths of the limit:
#
# $$ \alpha = \frac{1.8 \; n}{\sigma_{\max}(X)^2} . $$
#
# **By hand.** In the example $X^\top X$ is diagonal, its largest eigenvalue is $16$, so $\sigma_{\max} = 4$ and the
# step size is $1.8 \cdot 4 / 16 = 0.45$. On `make_table()` it is $1.6433$.
#
# **A trap.** There are two norms that look alike. The largest singular value is `torch.linalg.matrix_norm(X, ord=2)`,
# or the first entry of `torch.linalg.svdvals(X)`. `X.norm()` is another one, the root of the sum of *all* squares: in
# the example $\sqrt{20} = 4.47$.
#
# **Graded:** the number, as a Python float, for tables of several sizes and scales; **hygiene**: `X` is left as it was.


# %%
def step_size(X: torch.Tensor) -> float:
    """Return 1.8·n/σ², where n is the number of rows of X and σ its largest singular value."""
    raise NotImplementedError("Task 2: write step_size")


# %%
if __name__ == "__main__":
    print("example:     ", step_size(X_EXAMPLE))
    print("make_table():", step_size(make_table()[0]))

# %% [markdown]
# ## Task 3: gradient descent with the gradient by hand (6 points)
#
# Begin at $w = 0$ and make `num_steps` steps. In each step
#
# 1. compute the loss $\tfrac12\,\mathrm{mean}((Xw - y)^2)$;
# 2. **record** the loss and $w$;
# 3. update $w \leftarrow w - \alpha\, \nabla L(w)$ with your `manual_gradient`, and without autograd.
#
# Return three things, `(w, losses, ws)`:
#
# - `w`: the weights after the last update, a tensor of shape $(d,)$;
# - `losses`: a list of `num_steps` floats;
# - `ws`: a list of `num_steps` tensors of shape $(d,)$, the weights at each step.
#
# **By hand.** With $\alpha = 0.45$ the example goes like this. The errors are multiplied by $1 - 0.45 \cdot 1 = 0.55$
# in the first weight and by $1 - 0.45 \cdot 4 = -0.8$ in the second, which therefore jumps from one side of $1.5$ to
# the other:
#
# | step | loss | $w$ | gradient | $w$ after the update |
# |---|---|---|---|---|
# | 1 | 7.0000 | (0, 0) | (−2, −6) | (0.9, 2.7) |
# | 2 | 3.9850 | (0.9, 2.7) | (−1.1, 4.8) | (1.395, 0.54) |
# | 3 | 2.5262 | (1.395, 0.54) | (−0.605, −3.84) | (1.66725, 2.268) |
# | 4 | 1.7350 | (1.66725, 2.268) | (−0.33275, 3.072) | (1.8170, 0.8856) |
#
# So `gradient_descent_manual(X_EXAMPLE, Y_EXAMPLE, 0.45, 3)` returns the $w$ $(1.66725, 2.268)$, the losses
# $7, 3.985, 2.5262$ and the weights $(0, 0), (0.9, 2.7), (1.395, 0.54)$.
#
# **A trap.** `ws.append(w)` does not copy anything. If the update then changes `w` *in place* (`w -= ...`), all entries
# of the list change with it, and at the end it holds the last weights many times. Append `w.clone()`.
#
# **Graded:** the three results for few and many steps, for several step sizes and tables; that a second call begins at
# $w = 0$ again; the types; that you use no autograd; that the error shrinks by the factors $1 - \alpha\lambda$; that a
# run with too large an $\alpha$ comes back as numbers; **hygiene**: the arguments are left as they were.
# A wrong formula in `manual_gradient` costs points in Task 1 only.


# %%
def gradient_descent_manual(
    X: torch.Tensor, y: torch.Tensor, alpha: float, num_steps: int
) -> tuple[torch.Tensor, list[float], list[torch.Tensor]]:
    """Return (w, losses, ws) of num_steps steps of gradient descent from w = 0, with manual_gradient.

    w is the result of the last update; losses and ws have one entry per step, recorded before its update.
    """
    raise NotImplementedError("Task 3: loop: loss, record it and w, update with manual_gradient.")


# %%
if __name__ == "__main__":
    w, losses, ws = gradient_descent_manual(X_EXAMPLE, Y_EXAMPLE, 0.45, 3)
    for step, (loss, weights) in enumerate(zip(losses, ws, strict=True), start=1):
        print(f"step {step}: loss {loss:.4f}, w {weights}")
    print(f"at the end: w {w}")


# %% [markdown]
# ## Task 4: gradient descent with autograd (6 points)
#
# The same walk with the same three results, but now PyTorch finds the gradient: you write the loss, and autograd
# (`backward()`, `torch.autograd.grad` or `torch.func.grad`) differentiates it. No formula of the gradient appears in
# your code.
#
# What to keep in mind with `backward()`:
#
# - `w` is a leaf: `torch.zeros(..., requires_grad=True)`.
# - `backward()` **adds** to `w.grad`. Clear it in every step.
# - The update is not part of the model: make it inside of `with torch.no_grad():`, and in place. A line like
#   `w = w - alpha * w.grad` makes a new tensor, which is not the leaf any more.
# - What you keep must not hold on to the graph: the entries of `losses` are floats, those of `ws` detached copies
#   (`w.detach().clone()`), and the `w` that you return does not require a gradient.
#
# Both walks take the same path: on `make_table()` with $\alpha$ = `step_size(X)` = 1.6433 their weights agree to about
# six digits.
#
# | step | loss | $w$ |
# |---|---|---|
# | 1 | 0.612083 | (0, 0) |
# | 2 | 0.276742 | (1.7176, −0.5881) |
# | 3 | 0.161936 | (0.4558, −0.5428) |
# | 10 | 0.006949 | (1.1089, −0.4713) |
# | 30 | 0.000001 | (1.0013, −0.4997) |
#
# After 30 steps the returned $w$ is (0.9990, −0.5003): almost $w_{\text{true}} = (1, -0.5)$.
#
# **Graded:** as in Task 3, with autograd; **hygiene**: every step uses its own fresh gradient, and nothing that you
# keep holds a graph.


# %%
def gradient_descent_autograd(
    X: torch.Tensor, y: torch.Tensor, alpha: float, num_steps: int
) -> tuple[torch.Tensor, list[float], list[torch.Tensor]]:
    """Return (w, losses, ws) of the walk of gradient_descent_manual, where autograd finds the gradient."""
    raise NotImplementedError("Task 4: loop: loss, record it and w, backward, update, clear.")


# %% [markdown]
# ### Look at it
#
# The left picture shows the bowl from above, with two walks. With a small step size the walk creeps into the valley and
# then along it; with the one of Task 2 it jumps from side to side and still arrives sooner. The right picture shows how
# far each walk is above the lowest loss, on a logarithmic scale: a straight line there means the same factor in every
# step. Try step sizes of your own, also one above the limit of $0.5$ (and fewer steps, to keep it in the picture).

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
#
# From now on PyTorch gets to see a *model*: an object that knows its parameters. The smallest one is a line,
#
# $$ \hat y = \texttt{weight} \cdot x + \texttt{bias} . $$
#
# Write `LinearModel`, an `nn.Module` with two parameters that are called `weight` and `bias`. Both are `nn.Parameter`s
# that hold a single number (shape `()`), and both start at 0. The output has **the shape of the input**, whether
# that is $(n,)$, $(n, 1)$ or something else: each number goes through the line by itself.
#
# **By hand.** With weight $2$ and bias $-1$ the input $(0, 1, 3)$ gives $(-1, 1, 5)$.
#
# **Graded:** the two parameters and their start, the output for inputs of several shapes, that both parameters get
# their gradient, and that two models do not share their parameters.


# %%
class LinearModel(nn.Module):
    """The line weight·x + bias with two parameters of a single number; the output has the shape of the input."""

    def __init__(self) -> None:
        """Make the parameters weight and bias, both 0."""
        raise NotImplementedError("Task 5: write LinearModel.__init__")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return weight·x + bias for each number of x."""
        raise NotImplementedError("Task 5: write LinearModel.forward")


# %% [markdown]
# ## Task 6: training with an optimizer (4 points)
#
# The last way down is the one that you will use for everything that is larger: `torch.optim.SGD` makes the update and
# clears the gradients. It is plain gradient descent as long as you give it nothing but a learning rate, and as long as
# every step uses all the data, which is called *full batch*.
#
# Train the `model` that comes in, whichever `nn.Module` it is, with the **mean squared error**
# $\mathrm{mean}((\hat y - y)^2)$, this time without the $\tfrac12$. Make one step per *epoch* (one pass over the data)
# and return the list of the losses: one float per epoch, computed before its update. `x`, `y` and the output of the
# model all have the shape $(n, 1)$.
#
# **By hand.** The line starts at weight $0$ and bias $0$; two points $x = 1, 2$ with targets $1, 3$; learning rate
# $0.1$.
#
# | epoch | prediction | loss | gradient: weight, bias | weight, bias after the update |
# |---|---|---|---|---|
# | 1 | 0, 0 | 5.0000 | −7, −4 | 0.7, 0.4 |
# | 2 | 1.1, 1.8 | 0.7250 | −2.3, −1.1 | 0.93, 0.51 |
# | 3 | 1.44, 2.37 | 0.29525 | −0.82, −0.19 | 1.012, 0.529 |
#
# On the points of `make_line()`, which lie around the line $2x - 1$, the default settings (learning rate 0.01, 100
# epochs) bring a line that starts at 0 to weight 1.9999 and bias −0.8513. The weight is nearly there after twenty
# epochs, while the bias still creeps. Task 2 says why: the curvature in the direction of the weight is
# $2\,\mathrm{mean}(x^2) = 17.0$, in the direction of the bias only $2$.
#
# **Graded:** the losses and the trained parameters, on this example, by default, and for other data, models and
# settings; that the updates are made by `torch.optim.SGD`, one per epoch; that a second call goes on from where the
# first ended; that the error shrinks as theory says; **hygiene**: every step uses its own fresh gradient.


# %%
def train_linear_model(
    model: nn.Module, x: torch.Tensor, y: torch.Tensor, learning_rate: float = 0.01, num_epochs: int = 100
) -> list[float]:
    """Return the mean squared error of each epoch, before its update, as floats; trains the model in place."""
    raise NotImplementedError("Task 6: make the optimizer; loop: loss, note it, clear, backward, step.")


# %% [markdown]
# ### Look at it
#
# The lines of several moments of the training: the slope is right very soon, then the whole line sinks slowly into
# place.

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
