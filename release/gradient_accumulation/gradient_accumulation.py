# %% [markdown]
# # Gradient accumulation, by accident and on purpose
#
# `loss.backward()` does not *set* the gradients, it **adds** to them: after it, every parameter's `.grad`
# holds what was there before plus the gradient of this loss. That one design decision is behind
#
# - the most common bug in training loops: gradients that were never cleared, and
# - a useful trick: training with batches that do not fit into memory, piece by piece.
#
# In Task 1 you will watch the bug from close by, in Task 2 you will look at it with a magnifying glass, and
# in Task 3 you will put it to work.
#
# **How to work.** Replace every `raise NotImplementedError(...)` by your own code. Keep the names and the
# parameters of the functions; add functions of your own wherever you like. The cells that begin with `if
# __name__ == "__main__":` are for experiments: change them freely, they are not graded.
#
# ### Conventions in this whole assignment
#
# - Histories are plain lists of Python **floats**, one per step (`.item()` makes a float of a tensor).
# - What is recorded at a step is recorded **before** that step's update: the first entries belong to the
#   start.
# - A run that diverges is a result as well: return the huge, `inf` or `nan` numbers as they are.
# - The arguments belong to the caller: apart from the parameters of the model that you train, do not change
#   them.

# %%
from __future__ import annotations

import torch

# %% [markdown]
# ## Task 1: a loop with and without clearing
#
# One data point, two parameters:
#
# $$ L(a, b) = (a\,x + b - y)^2, \qquad x = 1.5, \quad y = 2.5, \quad a_0 = b_0 = 0.5 . $$
#
# Run `steps` steps of gradient descent with autograd. Each step computes the loss, **records** $a$, $b$ and
# the loss, calls `backward()`, updates both parameters with what is in their `.grad`, and then, *only if
# `clear_grad` is true*, clears both gradients. (With `clear_grad=False` leaving them is not a mistake here:
# it is the experiment.)
#
# **Worked example.** At the start the residual is $r = 0.75 + 0.5 - 2.5 = -1.25$, so $L = 1.5625$ and
#
# $$ \frac{\partial L}{\partial a} = 2 r x = -3.75, \qquad \frac{\partial L}{\partial b} = 2 r = -2.5 . $$
#
# With learning rate $0.1$ the first update gives $a = 0.875$, $b = 0.75$. There the residual is $-0.4375$ and
# the gradient of $a$ is $-1.3125$. A loop that cleared uses $-1.3125$; one that did not uses
# $-3.75 - 1.3125 = -5.0625$. From here on the two runs part:
#
# | step | loss, cleared | `a.grad`, cleared | loss, uncleared | `a.grad`, uncleared |
# |---|---|---|---|---|
# | 1 | 1.562500 | -3.7500 | 1.562500 | -3.7500 |
# | 2 | 0.191406 | -1.3125 | 0.191406 | -5.0625 |
# | 3 | 0.023447 | -0.4594 | 0.434776 | -3.0844 |
# | 4 | 0.002872 | -0.1608 | 1.762671 | 0.8986 |
# | 5 | 0.000352 | -0.0563 | 1.283600 | 4.2975 |
# | 6 | 0.000043 | -0.0197 | 0.040740 | 4.9030 |
# | 7 | 0.000005 | -0.0069 | 0.740418 | 2.3216 |
# | 8 | 0.000001 | -0.0024 | 1.859085 | -1.7689 |
# | 9 | 0.000000 | -0.0008 | 0.960844 | -4.7096 |
# | 10 | 0.000000 | -0.0003 | 0.001614 | -4.5890 |
#
# ### Why it swings instead of diverging
#
# The residual tells it all. With clearing, each step multiplies it by the same factor,
#
# $$ r_{k+1} = (1 - \eta q)\, r_k, \qquad q = 2\,(x^2 + 1) = 6.5, $$
#
# which is $0.35$ for $\eta = 0.1$. Without clearing, the update uses the *sum* of all gradients so far.
# Subtract two neighboring steps and the sum disappears:
#
# $$ r_{k+1} = (2 - \eta q)\, r_k - r_{k-1} . $$
#
# That is a pendulum without friction: for $0 < \eta q < 4$ it swings forever and never comes to rest. (Do you
# know gradient descent with momentum? This is momentum with the coefficient 1.) So forgetting to clear does
# not crash, it does not even explode. It only never arrives, which makes it so hard to notice.
#
# **Graded:** the three lists for both settings, for these and for other rates and numbers of steps; that the
# values are recorded before the update; that the residual follows the two laws above; that a diverging run
# (rate 1) comes back as numbers; **hygiene**: with `clear_grad=True` every update uses the gradient of its own
# step and no other. An update through `.data`, which autograd cannot see, costs a quarter of the hygiene points,
# here and in task 3.


# %%
def run_accumulation_demo(
    clear_grad: bool = True, steps: int = 10, learning_rate: float = 0.1
) -> tuple[list[float], list[float], list[float]]:
    """Return (a_vals, b_vals, loss_vals) of gradient descent on (a·1.5 + b - 2.5)², from a = b = 0.5.

    Each list has one float per step, recorded before the update of that step. The gradients are cleared after
    each update if clear_grad is true, and pile up if it is false.
    """
    raise NotImplementedError("Task 1: loop: loss, record, backward, update, clear (or not).")


# %%
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    for clear in (True, False):
        a_vals, b_vals, loss_vals = run_accumulation_demo(clear_grad=clear, steps=40)
        plt.plot(loss_vals, marker=".", label="cleared" if clear else "never cleared")
    plt.xlabel("step")
    plt.ylabel("loss")
    plt.legend()
    plt.show()

# %% [markdown]
# ## Task 2: what backward() adds up
#
# The same effect without an update in the way. For $f(x) = 2x$ the derivative is $2$, everywhere. Make a leaf
# tensor from the number `x`, then `num_backward` times: compute $f$, call `backward()`, note `x.grad` as a
# float, and clear `x.grad` afterwards if `clear` is true.
#
# | `num_backward=3` | result |
# |---|---|
# | `clear=False` | `[2.0, 4.0, 6.0]` |
# | `clear=True` | `[2.0, 2.0, 2.0]` |
#
# A trap: `.grad` is **one** tensor that keeps changing. A list of three references to it shows three times
# the last value. Note the number, not the tensor.
#
# **Graded:** both settings, for several `x` and numbers of passes, also none at all.


# %%
def accumulated_gradients(x: float, num_backward: int, clear: bool) -> list[float]:
    """Return the gradient of 2x after each of num_backward backward passes, as a list of floats.

    The gradient is cleared after each pass if clear is true, and piles up if it is false.
    """
    raise NotImplementedError("Task 2: loop: compute 2x, backward, note the gradient, clear (or not).")


# %%
if __name__ == "__main__":
    print("piling up:", accumulated_gradients(1.0, 3, clear=False))
    print("cleared:  ", accumulated_gradients(1.0, 3, clear=True))

# %% [markdown]
# ## Task 3: large batches in small pieces
#
# Suppose that you want to update with the gradient of 64 rows, but only 16 fit into memory. Because a
# gradient is linear, you can run four **micro-batches** of 16 rows and let `backward()` add up their
# gradients. There is one catch. The loss of the large batch is the *mean* over its 64 rows, and that is the
# mean of the four micro-batch means:
#
# $$ L_{\text{large}} = \frac{1}{K} \sum_{k=1}^{K} L_k
# \quad\Longrightarrow\quad \nabla L_{\text{large}} = \sum_{k=1}^{K} \nabla \frac{L_k}{K} . $$
#
# So each micro-batch loss is divided by $K$ = `accumulation_steps` before its backward pass. Without that,
# the gradient is $K$ times too long, as if you had multiplied the learning rate by $K$.
#
# Write one pass over the data, in the given order:
#
# 1. cut the rows into micro-batches of `batch_size` rows (the last one may be shorter);
# 2. for each of them compute the **mean squared error** $L_k$, note it, and run the backward pass of
#    $L_k / K$;
# 3. after every `accumulation_steps` micro-batches (a *window*) do **one** plain gradient descent update of
#    all parameters of the model, $\theta \leftarrow \theta - \eta\,\nabla$, and clear the gradients;
# 4. if the data end in the middle of a window, that window is **not** used for an update. Its losses are
#    noted all the same;
# 5. return the list of the noted losses: the *unscaled* $L_k$, one per micro-batch.
#
# Two details decide whether it works in real life:
#
# - **Shapes.** `inputs` is $(n, d)$, `targets` is $(n,)$, and the model's output is $(n, 1)$. Bring the
#   targets to the shape of the output. If you subtract as they are, PyTorch broadcasts $(n, 1)$ and $(n,)$ to
#   an $n \times n$ table of differences, and the loss is wrong without any error.
# - **Leftovers.** The function will be called once per epoch on the same model. What an incomplete window
#   left in `.grad` must not leak into the next call: begin with cleared gradients.
#
# **Worked example.** The model is $\hat y = w\,x + b$ with $w = b = 0$; four rows $x = 1, 2, 3, 4$ with
# targets $2, 4, 6, 8$; `batch_size=1`, `accumulation_steps=2`, `learning_rate=0.1`.
#
# | micro-batch | prediction | loss $L_k$ | gradient of $L_k/2$: $w$, $b$ | after the window |
# |---|---|---|---|---|
# | 1 | 0 | 4 | -2, -2 | |
# | 2 | 0 | 16 | -8, -4 | $w = 1.0,\; b = 0.6$ |
# | 3 | 3.6 | 5.76 | -7.2, -2.4 | |
# | 4 | 4.6 | 11.56 | -13.6, -3.4 | $w = 3.08,\; b = 1.18$ |
#
# The returned list is `[4.0, 16.0, 5.76, 11.56]`.
#
# Any style is right: `torch.optim.SGD`, an update by hand under `torch.no_grad()`, `torch.autograd.grad` with
# sums of your own. You may assume that a shorter last micro-batch never completes a window.
#
# **Graded:** the example; that different splits of the same rows (8 rows at once, 2 times 4, 4 times 2) give
# the update of the large batch; other data and other models; that an incomplete window changes nothing, now
# or in the next call; the returned losses; and that repeated calls converge as fast as gradient descent with
# the large batch; **hygiene**: gradients add up within a window, scaled, and never from one window into the next.


# %%
def make_regression_data(num: int = 24, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Return inputs of shape (num, 3) and targets of shape (num,): a linear function with a little noise."""
    generator = torch.Generator().manual_seed(seed)
    inputs = torch.randn(num, 3, generator=generator)
    noise = torch.randn(num, generator=generator)
    return inputs, inputs @ torch.tensor([1.0, -2.0, 0.5]) + 0.3 + 0.1 * noise


# %%
def train_with_accumulation(
    model: torch.nn.Module,
    inputs: torch.Tensor,
    targets: torch.Tensor,
    batch_size: int,
    accumulation_steps: int,
    learning_rate: float,
) -> list[float]:
    """Return the unscaled losses of all micro-batches of one pass; trains the model in place.

    inputs has the shape (n, d), targets (n,), the model's output (n, 1). One update of plain gradient descent
    per accumulation_steps micro-batches, with the gradient of the mean squared error over all rows of that
    window; no update for an incomplete last window.
    """
    raise NotImplementedError("Task 3: loop over micro-batches: loss, note it, backward of the scaled loss, update?")


# %%
if __name__ == "__main__":
    inputs, targets = make_regression_data()
    model = torch.nn.Linear(3, 1)
    for epoch in range(20):
        losses = train_with_accumulation(model, inputs, targets, batch_size=4, accumulation_steps=3, learning_rate=0.1)
        print(f"epoch {epoch + 1}: mean loss {sum(losses) / len(losses):.4f}")
    print("weights (should be near 1, -2, 0.5):", model.weight.tolist())
    print("bias (should be near 0.3):", model.bias.tolist())
