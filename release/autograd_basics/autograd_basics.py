# %% [markdown]
# # Autograd from the ground up
#
# Training a network means asking one question again and again: *if I turn this number up a little, what happens
# to the loss?* The answer is a derivative. PyTorch's **autograd** works it out for you, exactly, for any function
# that you can write as a program. In this assignment you learn to ask the question in all the ways that you will
# ever need.
#
# The idea fits into three sentences. A tensor that you make with `requires_grad=True` is a **leaf**: PyTorch writes
# down everything that you compute from it, as a *graph*. `backward()` walks through the graph from the result back to
# the leaves and multiplies the derivatives of the single steps, which is the chain rule. Every leaf then holds its
# derivative in `.grad`.
#
# | task | function | what is new | points |
# |---|---|---|---|
# | 1 | `derivative` | `backward()` and `.grad` | 3 |
# | 2 | `derivative_functional` | `torch.autograd.grad` | 3 |
# | 3 | `partial_derivatives` | two leaves | 2 |
# | 4 | `linear_layer_gradients` | matrices, and a loss | 4 |
# | 5 | `gradient_of_sum` | a leaf of any shape | 2 |
# | 6 | `vector_jacobian_product` | a function with many outputs | 3 |
# | 7 | `nth_derivative` | `create_graph` | 2.5 |
# | 8 | `intermediate_gradient` | `retain_grad` | 1.5 |
# | 9 | `MySquare` | a derivative that you write yourself | 3 |
#
# The tasks do not build on each other: if you are stuck, go on with the next one.
#
# **How to work.** Replace every `raise NotImplementedError(...)` by your own code. Keep the names and the
# parameters; add functions of your own wherever you like. The cells that begin with `if __name__ == "__main__":` are
# for looking and for experiments: change them freely, they are not graded.
#
# ### Conventions in this whole assignment
#
# - Where a number is asked for, return a Python **float**, not a tensor (`.item()` makes a float of a tensor).
# - Where a gradient of a tensor is asked for, return a plain **tensor** of the same shape and dtype as the tensor
#   that you differentiated with respect to.
# - **The arguments belong to the caller.** The tensors that you are given do not require gradients, and after the
#   call they still must not: do not change their values, their `requires_grad` or their `.grad`. Make a leaf of your
#   own: `leaf = matrix.detach().clone().requires_grad_()`.
# - Nothing is remembered from one call to the next: the same question always gets the same answer.
# - The functions `f` that you are given are made of PyTorch operations and work in float32 and in float64.
# - PyTorch's own settings (gradients on or off, the default dtype) are after a call what they were before.
# - Where nothing else is said, any style is right: `backward()`, `torch.autograd.grad`, `torch.func.grad` or
#   `torch.func.vjp`. But let autograd find the derivatives: formulas worked out by hand, and finite differences, are
#   for checking your results. (The exception is Task 9, where you write the formula yourself.)

# %%
from __future__ import annotations

from collections.abc import Callable

import torch

# %% [markdown]
# ## Task 1: a derivative through `backward()`
#
# Given a function `f` of one number and a place `x`, return $f'(x)$. Three steps:
#
# 1. make a leaf tensor from the number: `torch.tensor(x, requires_grad=True)`;
# 2. compute `f` of the leaf: the result has a `grad_fn`, the end of the graph;
# 3. call `backward()` on the result, and read the leaf's `.grad`.
#
# **Worked example.** $f(x) = x^3 - 3x$ has the derivative $f'(x) = 3x^2 - 3$.
#
# | $x$ | $f(x)$ | $f'(x)$ | the curve there |
# |---|---|---|---|
# | $-1$ | $2$ | $0$ | has a hilltop |
# | $0$ | $0$ | $-3$ | falls |
# | $1$ | $-2$ | $0$ | has a valley |
# | $2$ | $2$ | $9$ | rises |
#
# `f` may be anything that takes a tensor with one number and returns one: polynomials, sines, even a program with
# an `if` in it. You never look inside; autograd does.
#
# A plain `backward()` is all that you need here: with `retain_graph=True` or `create_graph=True` the graph would stay
# in memory for nothing.
#
# **Graded:** the table; other functions and places; that the number comes from `backward()`; that a second call is
# right too; that gradient descent with your derivative converges as the theory says; **hygiene**: the graph is not
# kept for nothing, and the settings are left alone.


# %%
def derivative(f: Callable[[torch.Tensor], torch.Tensor], x: float) -> float:
    """Return f'(x) as a float, computed with backward().

    f takes a tensor with one number and returns a tensor with one number.
    """
    raise NotImplementedError("Task 1: leaf, f(leaf), backward(), read .grad.")


# %% [markdown]
# Look at it: where the derivative (orange) crosses zero, the function (blue) has its hilltop and its valley.

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
#
# `backward()` has a side effect: it adds to the `.grad` of **every** leaf that the result depends on. Suppose that
# `f` uses a weight of some model, say $f(x) = (w\,x)^2$ with $w = 2$, where $w$ requires gradients. You ask for $f'(3)$
# only, which is $2 w^2 x = 24$. But `backward()` computes $\partial f / \partial w = 2 w x^2 = 36$ too:
#
# | computed with | result | `w.grad` afterwards |
# |---|---|---|
# | `backward()` | 24 | 36, though nobody asked for it |
# | `torch.autograd.grad(y, leaf)` | 24 | what it was before |
#
# If the next training step forgets about these 36, it goes in a wrong direction. `torch.autograd.grad(y, leaf)`
# returns the gradients (a tuple, one entry for each leaf that you ask for) and leaves every `.grad` untouched.
#
# Write `derivative_functional` like Task 1, but so that every `.grad` is after the call what it was before: what was
# `None` stays `None`, and what held a number holds the same number.
#
# **Graded:** the table of Task 1; other functions and places; that the `.grad` of weights inside of `f` are left
# alone, whether there was something in them or not, also when you are asked twice; **hygiene**: the settings are left
# alone, too.


# %%
def derivative_functional(f: Callable[[torch.Tensor], torch.Tensor], x: float) -> float:
    """Return f'(x) as a float; every .grad stays what it was before the call.

    f takes a tensor with one number and returns a tensor with one number.
    """
    raise NotImplementedError("Task 2: leaf, f(leaf), torch.autograd.grad.")


# %%
if __name__ == "__main__":
    for name, differentiate in (("derivative", derivative), ("derivative_functional", derivative_functional)):
        w = torch.tensor(2.0, requires_grad=True)
        slope = differentiate(lambda x, w=w: (w * x) ** 2, 3.0)
        print(f"{name}: f'(3) = {slope}, and w.grad is now {w.grad}")

# %% [markdown]
# ## Task 3: two partial derivatives
#
# A function of two numbers has two derivatives: one for moving $x$ while $y$ stands still, and one the other way
# round. With two leaves, one backward pass gives both.
#
# | $f(x, y)$ | $\partial f / \partial x$ | $\partial f / \partial y$ | at (2, 3) |
# |---|---|---|---|
# | $x^2 y + y^3$ | $2xy$ | $x^2 + 3y^2$ | (12, 31) |
# | $x^2 + y^3$ | $2x$ | $3y^2$ | (4, 27) |
# | $x^2$ | $2x$ | $0$ | (4, 0) |
#
# The last row is a trap. `f` does not use $y$, so the graph does not contain it, and PyTorch has nothing to say about
# it: `.grad` stays `None`, and `torch.autograd.grad` complains unless you pass `allow_unused=True`. You know better: if
# `f` does not use one of its two arguments, that partial derivative is `0.0`.
#
# **Graded:** the three rows; other functions and places; two floats in a tuple, in this order; **hygiene**: the
# settings are left alone.


# %%
def partial_derivatives(
    f: Callable[[torch.Tensor, torch.Tensor], torch.Tensor], x: float, y: float
) -> tuple[float, float]:
    """Return (∂f/∂x, ∂f/∂y) at (x, y) as two floats; 0.0 for an argument that f does not use.

    f takes two tensors with one number each, uses at least one of them, and returns a tensor with one number.
    """
    raise NotImplementedError("Task 3: two leaves, one backward pass.")


# %%
if __name__ == "__main__":
    print("x²y + y³:", partial_derivatives(lambda x, y: x**2 * y + y**3, 2.0, 3.0))
    print("x² + y³: ", partial_derivatives(lambda x, y: x**2 + y**3, 2.0, 3.0))
    print("x² alone:", partial_derivatives(lambda x, y: x**2, 2.0, 3.0))

# %% [markdown]
# ## Task 4: the gradients of a linear layer
#
# Now a whole layer with a loss. For $n$ rows of data,
#
# $$ z = x\,w + b, \qquad L = \frac{1}{n} \sum_{i=1}^{n} (z_i - y_i)^2 , $$
#
# with `x` of shape $(n, d)$, `w` of shape $(d, 1)$, `b` of shape $(1, 1)$ and the targets `y` of shape $(n,)$. Return
# the loss and its gradients with respect to $w$ and $b$, as autograd finds them. To check yours, the formulas are
#
# $$ \frac{\partial L}{\partial z} = \frac{2}{n}\,(z - y), \qquad
# \frac{\partial L}{\partial w} = x^\top \frac{\partial L}{\partial z}, \qquad
# \frac{\partial L}{\partial b} = \sum_{i=1}^{n} \frac{\partial L}{\partial z_i} . $$
#
# **Worked examples.** In both, all entries of $w$ are 1 and $b = 1$.
#
# | `x` | `y` | $z$ | loss | gradient of $w$ | gradient of $b$ |
# |---|---|---|---|---|---|
# | `[[2, 3]]` | `[3]` | 6 | 9 | `[[12], [18]]` | `[[6]]` |
# | `[[1, 0], [0, 2]]` | `[3, 1]` | 2, 3 | 2.5 | `[[-1], [4]]` | `[[1]]` |
#
# **A trap.** $z$ has the shape $(n, 1)$ and `y` has the shape $(n,)$. If you subtract them as they are, PyTorch
# *broadcasts*: it pairs every prediction with every target and gives an $n \times n$ table of differences. There is
# no error. In the second example the loss would be 1.5 instead of 2.5. Bring `y` to the shape of $z$ first.
#
# **Graded:** both examples; other data with other numbers of rows and columns; a float and two tensors of the shapes of
# `w` and `b`; that gradient descent with your gradients converges as the theory says; **hygiene**: no broadcast, and
# the four tensors are after the call what they were before.


# %%
def linear_layer_gradients(
    x: torch.Tensor, w: torch.Tensor, b: torch.Tensor, y: torch.Tensor
) -> tuple[float, torch.Tensor, torch.Tensor]:
    """Return (loss, grad_w, grad_b) of the mean squared error of x @ w + b against y.

    x has the shape (n, d), w (d, 1), b (1, 1) and y (n,). The loss is a float; grad_w has the shape of w and grad_b
    that of b.
    """
    raise NotImplementedError("Task 4: leaves for w and b, z, loss, gradients.")


# %% [markdown]
# Two gradients are all that it takes to train. Here they fit a line to 40 noisy points:

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
#
# A leaf may have any shape, and its `.grad` has the same shape: one derivative for each entry. For the sum of all
# entries,
#
# $$ s = \sum_{i,j} m_{ij}, \qquad \frac{\partial s}{\partial m_{ij}} = 1 , $$
#
# so the answer consists of ones, whatever the numbers in the matrix are:
#
# | matrix | gradient |
# |---|---|
# | `[[1, 2, 3], [4, 5, 6], [7, 8, 9]]` | `[[1, 1, 1], [1, 1, 1], [1, 1, 1]]` |
#
# That you know the answer makes it a good test of whether you ask in the right way. Let autograd find it: a plain
# `torch.ones_like(matrix)` gets no points.
#
# **Graded:** a $3 \times 3$ matrix, other shapes, one or three dimensions too; that autograd found it; **hygiene**: the
# matrix is after the call what it was before.


# %%
def gradient_of_sum(matrix: torch.Tensor) -> torch.Tensor:
    """Return the gradient of the sum of all entries, a tensor of the shape and dtype of matrix, found by autograd."""
    raise NotImplementedError("Task 5: a leaf like matrix, its sum, the gradient.")


# %%
if __name__ == "__main__":
    print(gradient_of_sum(torch.arange(1.0, 10.0).reshape(3, 3)))

# %% [markdown]
# ## Task 6: a vector times a Jacobian
#
# If `f` turns $n$ numbers into $m$, there is a whole matrix of derivatives, the **Jacobian**
# $J_{ij} = \partial f_i / \partial x_j$ with $m$ rows and $n$ columns. `backward()` on a result with several numbers
# refuses to work: *grad can be implicitly created only for scalar outputs*. It wants a vector $v$ with one weight
# for each output, and gives
#
# $$ v^\top J = \sum_{i=1}^{m} v_i \, \nabla f_i , $$
#
# a **vector-Jacobian product**, without ever building $J$. This is all that backpropagation does: a loss has one
# output, and the $v$ of each layer is what the layer behind it hands back.
#
# At $x = (2, 3)$, the functions $f(x) = (x_1^2,\; x_2^2)$ and $g(x) = (x_1 x_2,\; x_1 + x_2,\; x_2^2)$ have the
# Jacobians
#
# $$ J_f = \begin{pmatrix} 2x_1 & 0 \\ 0 & 2x_2 \end{pmatrix} = \begin{pmatrix} 4 & 0 \\ 0 & 6 \end{pmatrix}, \qquad
# J_g = \begin{pmatrix} x_2 & x_1 \\ 1 & 1 \\ 0 & 2x_2 \end{pmatrix}
# = \begin{pmatrix} 3 & 2 \\ 1 & 1 \\ 0 & 6 \end{pmatrix} . $$
#
# | function | $v$ | $v^\top J$ |
# |---|---|---|
# | $f$ | $(1, 1)$ | $(4, 6)$ |
# | $f$ | $(1, 0)$ | $(4, 0)$ |
# | $g$ | $(1, 2, -1)$ | $(3 + 2 + 0,\; 2 + 2 - 6) = (5, -2)$ |
#
# **A trap, when you write such an `f` yourself.** `torch.tensor([x[0] ** 2, x[1] ** 2])` copies the *numbers* into a
# new tensor that knows nothing of $x$: the graph is cut. `torch.stack([x[0] ** 2, x[1] ** 2])` joins the tensors and
# keeps the graph. The cell below tries both: where the graph is cut, PyTorch ends with an error (newer versions also
# print a warning, which tells you that only the numbers are taken).
#
# **Graded:** the three rows; other functions, also with more outputs than inputs or fewer; any $v$; a second call;
# **hygiene**: `x` and `v` are after the call what they were before.


# %%
def vector_jacobian_product(
    f: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor, v: torch.Tensor
) -> torch.Tensor:
    """Return vᵀJ, where J is the Jacobian of f at x: a tensor of the shape (n,) of x.

    f turns a tensor of shape (n,) into one of shape (m,); v has the shape (m,).
    """
    raise NotImplementedError("Task 6: leaf, f(leaf), and v goes into the backward pass.")


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
#
# A derivative is a function as well, so it has a derivative of its own. Autograd can do that, if you tell it to write
# down what it computes on the way back: `torch.autograd.grad(y, leaf, create_graph=True)`. The gradient that it returns
# then has a graph, and you can differentiate it again. Repeat that `n` times.
#
# | $f$ | $x$ | $n = 1$ | $n = 2$ | $n = 3$ | $n = 4$ |
# |---|---|---|---|---|---|
# | $x^3 + x^2$ | $2$ | $3x^2 + 2x = 16$ | $6x + 2 = 14$ | $6$ | $0$ |
# | $\sin x$ | $0$ | $\cos x = 1$ | $-\sin x = 0$ | $-\cos x = -1$ | $\sin x = 0$ |
#
# **A trap.** A derivative may turn out to be a constant, as that of $2x$ is. A constant does not depend on $x$: it may
# come without a graph (`requires_grad` is `False`), and asking for one more derivative then ends in an error. You know
# what all further derivatives are: `0.0`.
#
# **Graded:** the table; other functions, places and `n`, up to 6; that what lies beyond a constant is `0.0`; a second
# call; that Newton's method, which needs two derivatives, converges as fast as it should; **hygiene**: the settings
# are left alone.


# %%
def nth_derivative(f: Callable[[torch.Tensor], torch.Tensor], x: float, n: int) -> float:
    """Return the n-th derivative of f at x as a float, for n = 1, 2, 3, …

    f takes a tensor with one number and returns a tensor with one number. 0.0 beyond the last derivative that
    depends on x.
    """
    raise NotImplementedError("Task 7: n times torch.autograd.grad, with create_graph=True.")


# %% [markdown]
# Each derivative of the sine is the sine again, a quarter of a wave further to the left. The fourth one, dashed, lies
# on the sine itself.

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
#
# Let $y = x^2$ and $z = y^3$. Then $x$ is a leaf, but $y$ is a step on the way: `backward()` computes
# $\partial z / \partial y$ there, hands it on, and throws it away. `y.grad` is `None`, unless you ask for it *before*
# the backward pass: `y.retain_grad()`.
#
# $$ \frac{\partial z}{\partial y} = 3 y^2, \qquad
# \frac{\partial z}{\partial x}
# = \frac{\partial z}{\partial y} \cdot \frac{\partial y}{\partial x} = 3 y^2 \cdot 2x . $$
#
# | $x$ | $y$ | $z$ | $\partial z / \partial x$ | $\partial z / \partial y$ |
# |---|---|---|---|---|
# | $1$ | $1$ | $1$ | $6$ | $3$ |
# | $2$ | $4$ | $64$ | $192$ | $48$ |
#
# **Graded:** the table; other $x$, zero and negative ones too; two floats in a tuple, in this order; that autograd
# found them; **hygiene**: the settings are left alone.


# %%
def intermediate_gradient(x: float) -> tuple[float, float]:
    """Return (dz/dx, dz/dy) for y = x² and z = y³, as two floats found by autograd."""
    raise NotImplementedError("Task 8: leaf x, then y, retain its gradient, then z, backward.")


# %%
if __name__ == "__main__":
    print("dz/dx and dz/dy at x = 2:", intermediate_gradient(2.0))

# %% [markdown]
# ## Task 9: a function of your own
#
# Autograd knows hundreds of operations. To teach it one more, you write both directions yourself:
#
# - `forward(ctx, x)` computes the result. Keep what you need for the way back with `ctx.save_for_backward(x)`.
# - `backward(ctx, grad_output)` is told the gradient of the loss with respect to the *result*, and returns the gradient
#   of the loss with respect to `x`. Read what you kept with `(x,) = ctx.saved_tensors`.
#
# For the square of each entry, the chain rule says
#
# $$ y = x^2, \qquad \frac{\partial L}{\partial x} = \frac{\partial L}{\partial y} \cdot 2x . $$
#
# The first factor is `grad_output`. It is easy to forget, because it is 1 if the square is the last thing that you
# compute:
#
# | loss | $x$ | result of `forward` | `grad_output` | result of `backward` |
# |---|---|---|---|---|
# | `MySquare.apply(x)` | $3$ | $9$ | $1$ | $6$ |
# | `5 * MySquare.apply(x)` | $3$ | $9$ | $5$ | $30$ |
#
# You never call the two yourself: `MySquare.apply(x)` does. `torch.autograd.gradcheck` compares your `backward` with
# finite differences of your `forward`. It wants float64, because small differences need many digits.
#
# **Graded:** the values and the gradients, for any shape, in float32 and in float64, whatever comes after the square;
# two squares, one in the other; that gradient descent on your square converges as the theory says.


# %%
class MySquare(torch.autograd.Function):
    """The square of each entry, with a backward pass of its own; use it as MySquare.apply(x)."""

    @staticmethod
    def forward(ctx: torch.autograd.function.FunctionCtx, x: torch.Tensor) -> torch.Tensor:
        """Return x², entry by entry, of the shape and dtype of x; keeps x for the backward pass."""
        raise NotImplementedError("Task 9: save x, return its square.")

    @staticmethod
    def backward(ctx: torch.autograd.function.FunctionCtx, grad_output: torch.Tensor) -> torch.Tensor:
        """Return the gradient of the loss with respect to x: grad_output times 2x."""
        raise NotImplementedError("Task 9: read x, apply the chain rule.")


# %%
if __name__ == "__main__":
    x = torch.tensor(3.0, requires_grad=True)
    (5 * MySquare.apply(x)).backward()
    print("the gradient of 5 · MySquare(x) at 3 (should be 30):", x.grad)
    inputs = torch.linspace(-2, 2, 6, dtype=torch.float64, requires_grad=True)
    print("gradcheck:", torch.autograd.gradcheck(MySquare.apply, inputs))
