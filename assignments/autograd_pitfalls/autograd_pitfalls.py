# %% [markdown]
# # Autograd pitfalls: eight short programs to repair
#
# Autograd writes down every operation on tensors that need a gradient: this record is the **graph**. `backward()`
# walks it from the result back to the **leaves**, the tensors that you made with `requires_grad=True`, and adds
# the gradient to their `.grad`. Most trouble with gradients comes from breaking this record without noticing. This
# assignment collects the eight classics, so that you have met each of them once in a quiet place.
#
# **How to work.** This time nothing is blank: every function below is complete, and every one of them has
# **one fault**. Five stop with an error message of PyTorch, one returns a wrong number, one stops with an error
# that points at the wrong line, and one returns the right number and is faulty all the same. For each of them:
#
# 1. run the experiment below the function and read what happens;
# 2. find the line that *causes* it (often not the line that the error message names);
# 3. repair it. One or two changed lines are enough everywhere.
#
# | task | function | what you see before the repair | points |
# |---|---|---|---|
# | 1 | `detached_chain` | an error in `backward()` | 3 |
# | 2 | `inplace_update` | an error in `backward()` | 3 |
# | 3 | `accumulated_gradient` | no error, a wrong number | 3 |
# | 4 | `vector_backward` | an error in `backward()` | 3 |
# | 5 | `wasteful_evaluation` | no error, the right number | 3 |
# | 6 | `double_backward` | an error in the second `backward()` | 3 |
# | 7 | `lost_leaf` | an error one step after the cause | 3 |
# | 8 | `rewrapped_tensor` | an error in `backward()` | 3 |
#
# Keep the names and the parameters of the functions; add functions of your own wherever you like. The cells
# that begin with `if __name__ == "__main__":` are for experiments: change them freely, they are not graded.
#
# ### When is a function repaired?
#
# When it returns the right value **and** the fault is gone. The checks watch your function while it runs, so
# they can tell you which line does what to the graph. Any repair is right. A formula of your own that gives the
# same numbers is accepted as well, but you learn more if you keep autograd.
#
# ### Conventions in this whole assignment
#
# - `float` means a Python float, not a tensor (`.item()` makes a float of a tensor).
# - The arguments belong to the caller: do not change them. A function can be called again, and then answers
#   as it did the first time.
# - Settings of PyTorch, such as the grad mode, are left as they were found.

# %%
from __future__ import annotations

import torch

# %% [markdown]
# ## Task 1: a chain with a missing link
#
# The chain rule multiplies along the chain. With $y = x^2$ and $z = y^3$,
#
# $$ \frac{dz}{dx} = \frac{dz}{dy} \cdot \frac{dy}{dx} = 3 y^2 \cdot 2 x = 6 x^5 . $$
#
# **Worked example.** At $x = 2$: $y = 4$, $dz/dy = 3 \cdot 16 = 48$, $dy/dx = 4$, so $dz/dx = 192$.
#
# Autograd can multiply only what is on record. Which line takes $y$ out of the record?
#
# **Graded:** the derivative as a float, also for other `x`; **hygiene**: the graph leads from $z$ back to $x$.


# %%
def detached_chain(x: float) -> float:
    """Return dz/dx at x as a float, where y = x² and z = y³."""
    leaf = torch.tensor(x, requires_grad=True)
    y = (leaf**2).detach()
    z = y**3
    z.backward()
    return leaf.grad.item()


# %%
if __name__ == "__main__":
    print("dz/dx at 2 (should be 192):", detached_chain(2.0))

# %% [markdown]
# When it works, compare it with the slope of $z = x^6$ between two points close to each other. The dots should
# lie on the line.

# %%
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    points = [step / 20 for step in range(-24, 25)]
    slopes = [((x + 1e-4) ** 6 - (x - 1e-4) ** 6) / 2e-4 for x in points]
    plt.figure(figsize=(6, 3.5))
    plt.plot(points, slopes, label="slope of $x^6$ between $x - 0.0001$ and $x + 0.0001$")
    plt.plot(points[::4], [detached_chain(x) for x in points[::4]], "o", label="your detached_chain")
    plt.xlabel("$x$")
    plt.ylabel("$dz/dx$")
    plt.legend()
    plt.tight_layout()
    plt.show()

# %% [markdown]
# ## Task 2: changing what is still needed
#
# With $y = e^x$ let $f(x) = y^2 \cdot (y + 1) = e^{3x} + e^{2x}$. Then
#
# $$ f'(x) = 3 e^{3x} + 2 e^{2x} . $$
#
# **Worked example.** At $x = 0$: $y = 1$, $f = 1 \cdot 2 = 2$, and $f'(0) = 3 + 2 = 5$.
#
# To differentiate $y^2$, autograd needs the value of $y$ again, for the slope is $2y$; and so it does for $e^x$,
# whose slope is $y$ itself. It does not copy $y$, it keeps the tensor itself, and counts how often that tensor
# was changed. If the count is off when `backward()` comes by, PyTorch refuses rather than return a wrong
# gradient. The message tells you *that* a tensor was modified, not where.
#
# **Graded:** the derivative as a float, also for other `x`; **hygiene**: no value that `backward()` needs is
# changed in place.


# %%
def inplace_update(x: float) -> float:
    """Return f'(x) as a float, where y = eˣ and f = y² · (y + 1)."""
    leaf = torch.tensor(x, requires_grad=True)
    y = torch.exp(leaf)
    square = y**2
    y += 1
    f = square * y
    f.backward()
    return leaf.grad.item()


# %%
if __name__ == "__main__":
    print("f'(0) (should be 5):", inplace_update(0.0))

# %% [markdown]
# ## Task 3: six instead of two
#
# Walk down the straight line $f(x) = 2x$ in steps of gradient descent with the rate $0.1$. The gradient is 2
# everywhere, so each step takes $0.1 \cdot 2 = 0.2$ off.
#
# **Worked example.** From $x = 1$, three steps, and next to it what the program does before the repair:
#
# | step | gradient | $x$ after the step | gradient, before the repair | $x$, before the repair |
# |---|---|---|---|---|
# | 1 | 2 | 0.8 | 2 | 0.8 |
# | 2 | 2 | 0.6 | 4 | 0.4 |
# | 3 | 2 | 0.4 | 6 | -0.2 |
#
# So the result should be `(0.4, 2.0)`, up to rounding. `backward()` does not *set* a gradient, it **adds** to
# what is there.
#
# **Graded:** both numbers, for this and other starts and numbers of steps; **hygiene**: every step uses the
# gradient of that step and no other.


# %%
def accumulated_gradient(x: float, num_steps: int = 3) -> tuple[float, float]:
    """Return (x, gradient) as floats: where num_steps steps down 2x with the rate 0.1 end, and the last gradient.

    num_steps is at least 1.
    """
    leaf = torch.tensor(x, requires_grad=True)
    for _ in range(num_steps):
        y = 2 * leaf
        y.backward()
        gradient = leaf.grad.item()
        with torch.no_grad():
            leaf -= 0.1 * leaf.grad
    return leaf.item(), gradient


# %%
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    print("after three steps (should be about 0.4, 2.0):", accumulated_gradient(1.0))

    steps = list(range(1, 11))
    plt.figure(figsize=(6, 3.5))
    plt.plot(steps, [1 - 0.2 * step for step in steps], label="steps of 0.2")
    plt.plot(steps, [accumulated_gradient(1.0, step)[0] for step in steps], "o", label="your accumulated_gradient")
    plt.xlabel("number of steps")
    plt.ylabel("$x$ at the end")
    plt.legend()
    plt.tight_layout()
    plt.show()

# %% [markdown]
# ## Task 4: which of these should I differentiate?
#
# The function should return the gradient of the **sum** of the squares of all entries of $x$:
#
# $$ s = \sum_i x_i^2, \qquad \frac{\partial s}{\partial x_i} = 2 x_i . $$
#
# **Worked example.** For $x = (1, 2, 3)$ the gradient is $(2, 4, 6)$.
#
# `backward()` starts from *one* number. From a tensor of three numbers it cannot know which one you mean, or
# with which weights to add them up: you have to say it.
#
# **Graded:** the gradient as a tensor of the shape of `x`, for vectors and for other shapes; **hygiene**: `x`
# itself is left as it was.


# %%
def vector_backward(x: torch.Tensor) -> torch.Tensor:
    """Return the gradient of the sum of the squares of x: a tensor of the shape of x.

    x is a float32 tensor of any shape.
    """
    leaf = x.clone().requires_grad_(True)
    squares = leaf**2
    squares.backward()
    return leaf.grad


# %%
if __name__ == "__main__":
    print("gradient (should be 2, 4, 6):", vector_backward(torch.tensor([1.0, 2.0, 3.0])))

# %% [markdown]
# ## Task 5: a record that nobody reads
#
# To *measure* a model, no gradient is needed. Yet as long as the parameters require gradients, PyTorch records
# the forward pass and keeps the intermediate values for a `backward()` that never comes. On a large model this
# costs time and memory: an evaluation then runs out of memory where it would not have to.
#
# The mean squared error over $n$ rows is
#
# $$ \text{MSE} = \frac{1}{n} \sum_{i=1}^{n} (\hat y_i - y_i)^2 . $$
#
# **Worked example.** The model $\hat y = 2x + 1$, two rows $x = 1, 2$ with targets $3, 7$: the predictions are
# 3 and 5, the differences 0 and -2, and the mean of the squares is $(0 + 4)/2 = 2$.
#
# The number is right already. What has to change is that **no graph is recorded** on the way to it. Throwing the
# graph away afterwards is too late: by then it has been built.
#
# **Graded:** the number as a float *without a recorded graph*, for this and other models and data (a right
# number alone earns nothing here: it is right before the repair); **hygiene**: the model is left as it was, with
# the same parameters, which still require gradients, in the same mode.


# %%
def wasteful_evaluation(model: torch.nn.Module, inputs: torch.Tensor, targets: torch.Tensor) -> float:
    """Return the mean squared error of the model as a float, without recording a graph.

    inputs has the shape (n, d), targets (n,), the model's output (n, 1).
    """
    predictions = model(inputs).flatten()
    loss = ((predictions - targets) ** 2).mean()
    return loss.item()


# %%
if __name__ == "__main__":
    line = torch.nn.Linear(1, 1)
    with torch.no_grad():
        line.weight.fill_(2.0)
        line.bias.fill_(1.0)
    line.register_forward_hook(lambda *call: print("graph recorded (should be False):", call[-1].requires_grad))
    error = wasteful_evaluation(line, torch.tensor([[1.0], [2.0]]), torch.tensor([3.0, 7.0]))
    print("mean squared error (should be 2):", error)

# %% [markdown]
# ## Task 6: twice through the same graph
#
# Two results share one intermediate value. With $s = x^2$,
#
# $$ \frac{d}{dx}\,(3 s) = 6x, \qquad \frac{d}{dx}\,(s^2) = 4 x^3 . $$
#
# **Worked example.** At $x = 2$ the two derivatives are $12$ and $32$.
#
# A backward pass throws away the values that the graph kept, as soon as it has used them: that saves memory, and
# usually nobody comes by a second time. Here somebody does, because both passes go through $s$.
#
# **Graded:** both derivatives as floats, also for other `x`; **hygiene**: no pass goes through a graph that is
# gone.


# %%
def double_backward(x: float) -> tuple[float, float]:
    """Return (d/dx of 3s, d/dx of s²) at x as floats, where s = x²."""
    leaf = torch.tensor(x, requires_grad=True)
    s = leaf**2
    (3 * s).backward()
    first = leaf.grad.item()
    leaf.grad = None
    (s**2).backward()
    second = leaf.grad.item()
    return first, second


# %%
if __name__ == "__main__":
    print("derivatives at 2 (should be 12, 32):", double_backward(2.0))

# %% [markdown]
# ## Task 7: the same name, another tensor
#
# Gradient descent on $L(w) = (w - 3)^2$ with the learning rate $\eta$. The gradient is $2(w - 3)$, so each step
# multiplies the distance to the minimum by the same factor:
#
# $$ w_{k+1} - 3 = (1 - 2\eta)\,(w_k - 3) . $$
#
# **Worked example.** From $w = 0$ with $\eta = 0.1$ the factor is $0.8$:
#
# | steps | 0 | 1 | 2 | 3 | 10 |
# |---|---|---|---|---|---|
# | $w$ | 0 | 0.6 | 1.08 | 1.464 | 2.6779 |
#
# With one step the program is right even now. With two it stops, and the error message names the line that
# *uses* the gradient. But the gradient is missing because of what happened one step before: a name in Python is
# only a label, and `=` sticks the label to another tensor.
#
# **Graded:** $w$ as a float after 0, 1, 2, … steps, for these and other starts and rates; that the distance to
# the minimum shrinks by the factor above; **hygiene**: the parameter stays the same leaf or is made a leaf again,
# and every step uses the gradient of that step only.


# %%
def lost_leaf(start: float, num_steps: int = 10, learning_rate: float = 0.1) -> float:
    """Return w as a float after num_steps steps of gradient descent on (w - 3)², beginning at start."""
    w = torch.tensor(start, requires_grad=True)
    for _ in range(num_steps):
        w.grad = None
        loss = (w - 3) ** 2
        loss.backward()
        w = w - learning_rate * w.grad
    return w.item()


# %%
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    print("after ten steps (should be about 2.6779):", lost_leaf(0.0))

    steps = list(range(0, 21, 2))
    plt.figure(figsize=(6, 3.5))
    plt.semilogy(steps, [3 * 0.8**step for step in steps], label=r"$3 \cdot 0.8^k$")
    plt.semilogy(steps, [abs(lost_leaf(0.0, step) - 3) for step in steps], "o", label="your lost_leaf")
    plt.xticks(steps)
    plt.xlabel("number of steps $k$")
    plt.ylabel("distance to the minimum")
    plt.legend()
    plt.tight_layout()
    plt.show()

# %% [markdown]
# ## Task 8: copied numbers
#
# Two numbers $u$ and $v$ make a vector $p = (u v,\; u + v)$, and the result is its squared length
# $L = (u v)^2 + (u + v)^2$:
#
# $$ \frac{\partial L}{\partial u} = 2 u v^2 + 2 (u + v), \qquad
# \frac{\partial L}{\partial v} = 2 u^2 v + 2 (u + v) . $$
#
# **Worked example.** At $u = 2$, $v = 3$: $p = (6, 5)$, $L = 61$, and the gradient is
# $(36 + 10,\; 24 + 10) = (46, 34)$.
#
# A trap after the trap: `requires_grad=True` on the vector makes the error message go away, but then the vector
# is a leaf of its own, and no gradient arrives at $u$ and $v$. What is needed is a way to put tensors together
# that is itself an operation with a gradient.
#
# **Graded:** both derivatives as floats, also for other `u` and `v`; **hygiene**: the graph leads from $L$ back
# to $u$ and $v$.


# %%
def rewrapped_tensor(u: float, v: float) -> tuple[float, float]:
    """Return (dL/du, dL/dv) as floats, where p = (u·v, u + v) and L is the sum of the squares of p."""
    first = torch.tensor(u, requires_grad=True)
    second = torch.tensor(v, requires_grad=True)
    p = torch.tensor([first * second, first + second])
    length = (p**2).sum()
    length.backward()
    return first.grad.item(), second.grad.item()


# %%
if __name__ == "__main__":
    print("gradient at (2, 3) (should be 46, 34):", rewrapped_tensor(2.0, 3.0))
