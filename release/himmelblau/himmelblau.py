# %% [markdown]
# # Finding the minima of Himmelblau's function
#
# So far the thing you minimized was the loss of a model, and it had one lowest point. Here you minimize a plain
# function of two numbers. It has **four** lowest points, and gradient descent knows nothing about that: it
# walks downhill from where you put it, and the starting point decides where it ends.
#
# With only two parameters you can *see* the whole walk. At the end of this assignment you have a picture of it.
#
# You write four functions:
#
# | task | function | points |
# |---|---|---|
# | 1 | `himmelblau` | 2 |
# | 2 | `optimize_himmelblau` | 16 |
# | 3 | `plot_history` | 2 |
# | 4 | `plot_trajectory` | 4 |
#
# Replace each `raise NotImplementedError(...)` by your code. Keep the names and the parameters as they are, because
# the checks call your functions by them. You may add functions of your own. Some checks are given to you
# in `test_public.py`. Others stay hidden; they ask for what is written on this page and nothing else.

# %%
from __future__ import annotations

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes

# %% [markdown]
# ## Task 1: the function (2 points)
#
# Himmelblau's function is
#
# $$h(u, v) = (u^2 + v - 11)^2 + (u + v^2 - 7)^2 .$$
#
# It is a sum of two squares, so it is never negative, and it is zero exactly where both brackets are zero. That
# happens at four points:
#
# | | $u$ | $v$ |
# |---|---|---|
# | right, above | $3$ | $2$ |
# | left, above | $-2.805118$ | $3.131313$ |
# | left, below | $-3.779310$ | $-3.283186$ |
# | right, below | $3.584428$ | $-1.848127$ |
#
# **By hand.** At $(1, 1)$ the brackets are $1 + 1 - 11 = -9$ and $1 + 1 - 7 = -5$, so
# $h(1, 1) = 81 + 25 = 106$.
#
# Write it with ordinary tensor arithmetic: then it works on single numbers, on vectors and on whole grids, one
# result per element, and PyTorch can differentiate through it.
#
# *Graded:* the values at single points, and on a grid that is built by broadcasting (`u` of shape (5, 1) with `v` of
# shape (1, 4) gives (5, 4)), in the dtype of the input.


# %%
def himmelblau(u: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """Return h(u, v) for every element of `u` and `v`, as a tensor of their common shape."""
    raise NotImplementedError("Task 1: write himmelblau")


# %% [markdown]
# ## Task 2: gradient descent with a record (16 points)
#
# Gradient descent repeats one update, with the learning rate $\eta$:
#
# $$u \leftarrow u - \eta\, \frac{\partial h}{\partial u}, \qquad
# v \leftarrow v - \eta\, \frac{\partial h}{\partial v} .$$
#
# Both derivatives are taken at the *old* point. `backward()` computes them for you; to check yours, these are the
# formulas:
#
# $$\frac{\partial h}{\partial u} = 4u\,(u^2 + v - 11) + 2\,(u + v^2 - 7), \qquad
# \frac{\partial h}{\partial v} = 2\,(u^2 + v - 11) + 4v\,(u + v^2 - 7) .$$
#
# **One step by hand.** At $(1, 1)$ the gradient is $4 \cdot (-9) + 2 \cdot (-5) = -46$ and
# $2 \cdot (-9) + 4 \cdot (-5) = -38$. With $\eta = 0.001$ the new point is $(1.046, 1.038)$, and the function has
# gone from $106$ down to $102.42$.
#
# `optimize_himmelblau` returns four things, `(u_final, v_final, loss_history, trajectory)`:
#
# - `u_final`, `v_final`: the point where the walk ended, two Python floats;
# - `loss_history`: a list of floats, the value of the function at each step;
# - `trajectory`: a list of pairs `(u, v)` of floats, the point at each step.
#
# Step by step:
#
# 1. **Start.** `u` and `v` are floats. Where one is `None`, draw it: call `torch.manual_seed(0)`, then
#    `torch.randn(())` for `u` if `u` is `None`, then `torch.randn(())` for `v` if `v` is `None`. With both `None` the
#    walk starts at $(1.5410, -0.2934)$. Zero is a starting point like any other.
# 2. **Record** the loss and the point *before* the update. So entry 0 of both lists belongs to the start, and the
#    point after the last update is in `u_final, v_final` only.
# 3. **Stop early?** If `loss_tol` is given, stop at the first step whose loss differs from the loss of the step before
#    by less than `loss_tol`, up or down: $|\,h_k - h_{k-1}| < \text{loss\_tol}$. That step is recorded, but it makes
#    no update: the final point is then exactly `trajectory[-1]`. Step 1 has no step before it, so it never stops.
# 4. **Update.** Remember that `backward()` *adds* to `.grad`.
# 5. **Print.** If `verbose`, print one line every 100 steps with the number of the step, `u`, `v` and the loss. Steps
#    are counted from 1, so a walk of 300 steps prints at 100, 200 and 300; step 100 is entry 99 of the lists. If
#    not `verbose`, print nothing.
#
# Without an early stop there are exactly `num_steps` entries. A learning rate that is too large makes the values
# explode to `inf` and `nan`. That is an answer too: return the numbers as they come.
#
# **What you should see** with `learning_rate=5e-4` and 300 steps:
#
# | start | step | $u$ | $v$ | loss |
# |---|---|---|---|---|
# | $(1, 1)$ | 100 | 2.8298 | 2.0261 | 0.938195 |
# | | 200 | 2.9880 | 2.0220 | 0.008313 |
# | | 300 | 2.9974 | 2.0062 | 0.000588 |
# | | final | 2.9974 | 2.0061 | |
# | $(-1, -1)$ | 100 | −3.1413 | −2.1422 | 41.550198 |
# | | 200 | −3.7448 | −3.2243 | 0.161758 |
# | | 300 | −3.7783 | −3.2816 | 0.000130 |
# | | final | −3.7783 | −3.2816 | |
# | $(-1, 1)$, `loss_tol=1e-4` | 233, and stops | −2.7986 | 3.1301 | 0.001436 |
#
# *Graded:* the numbers of this table and of other starts (to $10^{-3}$), a call without any argument, what is recorded
# and when, the early stop, the types, the printing, and that the walk approaches the minimum as fast as the theory of
# gradient descent says.
# How you get the gradient (`backward`, `torch.autograd.grad`, `torch.optim.SGD`, the formulas) is up to you; its
# *hygiene* is graded: every step uses its own fresh gradient, and the history does not keep old graphs alive. An update
# through `.data`, which autograd cannot see, costs a quarter of the hygiene points.


# %%
def optimize_himmelblau(
    u: float | None = None,
    v: float | None = None,
    learning_rate: float = 1e-3,
    num_steps: int = 300,
    loss_tol: float | None = None,
    verbose: bool = True,
) -> tuple[float, float, list[float], list[tuple[float, float]]]:
    """Return (u_final, v_final, loss_history, trajectory) of gradient descent on Himmelblau's function.

    Losses and points are recorded before the update of their step. With `loss_tol`, the walk stops at the
    first step whose loss changed by less than that, before its update.
    """
    raise NotImplementedError("Task 2: write optimize_himmelblau")


# %% [markdown]
# ## Task 3: the loss curve (2 points)
#
# Draw the loss against the iteration: one line through all values of `loss_history`, with a label on both axes.
# Start a **new figure** (`fig, ax = plt.subplots()`), so that a second call does not draw over the first, and return
# the `Axes`, without calling `plt.show()`: the notebook shows the figure by itself.
#
# A logarithmic scale (`ax.set_yscale("log")`) shows more of the last steps. Whether you use one, whether you count
# from 0 or from 1, colors, a title and a grid are your choice.
#
# *Graded:* the values of the line, the two labels, the new figure.


# %%
def plot_history(loss_history: list[float]) -> Axes:
    """Return the Axes of a new figure with the loss drawn against the iteration, both axes labeled."""
    raise NotImplementedError("Task 3: write plot_history")


# %% [markdown]
# ## Task 4: the path on the map (4 points)
#
# Now draw the walk on a map of the landscape, in a new figure, with $u$ to the right and $v$ upward:
#
# - a **heatmap** of the function on $[-6, 6] \times [-6, 6]$, with `ax.imshow`. The function grows beyond 2000 in the
#   corners, so the valleys show better if you draw `torch.log(1 + h)`, or any other increasing function of $h$;
# - the **path**: every point of `trajectory`, with `ax.plot`;
# - a marker `o` at the **start** and a marker `x` at the **end**, with `ax.plot` or `ax.scatter`.
#
# Return the `Axes`.
#
# **Two traps of `imshow`.** It draws an array: rows downward, columns to the right. So
#
# 1. row $i$ must belong to one value of $v$ and column $j$ to one value of $u$. `torch.meshgrid(a, b, indexing="xy")`
#    gives such arrays, `indexing="ij"` gives them transposed;
# 2. the first row is drawn at the *top*, unless you say `origin="lower"`. Say it, and say where the array lies:
#    `extent=(-6, 6, -6, 6)`. Without it the axes count pixels, and the path ends up in a corner.
#
# A small array shows both: for $u \in \{-6, 0, 6\}$ along the columns and $v \in \{-6, 0, 6\}$ along the rows, $h$ is
#
# $$\begin{pmatrix} 890 & 1130 & 1586 \\ 794 & 170 & 626 \\ 1490 & 866 & 2186 \end{pmatrix},$$
#
# with the row of $v = -6$ first. It is not symmetric: a transposed map is a wrong map.
#
# *Graded:* the image, its extent and its orientation, the path, both markers, the new figure. A check of your own: the
# path must run into one of the four dark valleys.


# %%
def plot_trajectory(trajectory: list[tuple[float, float]]) -> Axes:
    """Return the Axes of a new figure: heatmap of the function on [-6, 6] x [-6, 6] with the path on it.

    The start is marked with `o`, the end with `x`.
    """
    raise NotImplementedError("Task 4: write plot_trajectory")


# %% [markdown]
# ## Try it
#
# Run this when your functions are ready. Then change the starting point: can you reach all four minima? Where do two
# neighboring starts part ways? And what happens at `learning_rate=0.02`?

# %%
if __name__ == "__main__":
    u_final, v_final, loss_history, trajectory = optimize_himmelblau(1.0, 1.0, learning_rate=5e-4)
    print(f"ended at ({u_final:.4f}, {v_final:.4f})")
    plot_history(loss_history)
    plot_trajectory(trajectory)
    plt.show()
