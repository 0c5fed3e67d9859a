# %% [markdown]
# # Polynomial regression by gradient descent
#
# You will fit the same parabola in three ways:
#
# 1. **solve** for the best coefficients exactly,
# 2. **walk** there with gradients that you derive on paper,
# 3. walk there again and let **autograd** find the gradients.
#
# Because the exact answer is known, you can watch a training loop converge, crawl or explode, and know each
# time how far it still has to go. In the last task you will see that all of this is decided by one number:
# the learning rate.
#
# **How to work.** Replace every `raise NotImplementedError(...)` by your own code. Keep the names and the
# parameters of the functions; add functions of your own wherever you like. The cells that begin with
# `if __name__ == "__main__":` are for experiments: change them freely, they are not graded.

# %%
from __future__ import annotations

from collections.abc import Sequence

import torch

# %% [markdown]
# ## The data (given)
#
# One hundred points of a parabola with a ripple and some noise on top. No parabola goes through all of them,
# so even the best fit keeps a loss of about $0.05$.
#
# $$ y = x + 2\,(x - 0.9)^2 + 0.3 \cos(20x) + 0.1\,\varepsilon, \qquad x \in [0, 2), \quad \varepsilon \sim
# \mathcal{N}(0, 1) $$


# %%
def generate_training_pairs(num: int = 100) -> tuple[torch.Tensor, torch.Tensor]:
    """Return inputs x and targets y, both float32 of shape (num,): the same ones at every call."""
    generator = torch.Generator().manual_seed(0)
    x = 2 * torch.rand(num, generator=generator)
    noise = torch.randn(num, generator=generator)
    y = x + 2 * (x - 0.9) ** 2 + 0.3 * torch.cos(20 * x) + 0.1 * noise
    return x, y


# %% [markdown]
# ## The model and its loss
#
# The prediction for an input $x_i$ is $\hat y_i = a + b\,x_i + c\,x_i^2$, the residual is
# $r_i = \hat y_i - y_i$, and the loss is the **mean** squared error
#
# $$ L(a, b, c) = \frac{1}{n} \sum_{i=1}^{n} \left(a + b\,x_i + c\,x_i^2 - y_i\right)^2 . $$
#
# With $\mathbf{w} = (a, b, c)$ and the matrix $X$ whose $i$-th row is $(1, x_i, x_i^2)$ this is
# $L(\mathbf{w}) = \frac{1}{n} \lVert X\mathbf{w} - \mathbf{y} \rVert^2$: a bowl with exactly one lowest
# point.
#
# ### Conventions in this whole assignment
#
# - All functions return the tuple `(a, b, c, loss)` of four Python **floats** (not tensors: `.item()` or
#   `float()` makes a number of a tensor).
# - The loss that a training loop returns is the one computed in its **last iteration, before the update** of
#   that iteration. So `num_iterations=1` returns the loss at the starting point, together with the parameters
#   after one update.
# - A run that diverges is a result as well: return the huge, `inf` or `nan` numbers as they are. Do not
#   raise, clip or stop early.
# - `x` and `y` belong to the caller: do not change them.

# %% [markdown]
# ## Task 1: closed form
#
# At the lowest point all three partial derivatives of $L$ are zero:
#
# $$ \nabla L = \frac{2}{n} X^\top (X\mathbf{w} - \mathbf{y}) = 0
# \quad\Longleftrightarrow\quad X^\top X\, \mathbf{w} = X^\top \mathbf{y} . $$
#
# These *normal equations* are three linear equations for three unknowns. `torch.linalg.solve` solves them;
# `torch.linalg.lstsq` does it straight from $X$ and $\mathbf{y}$. Both are fine.
#
# **Worked example.** Three points $(0, 1)$, $(1, 2)$, $(2, 5)$ lie on a parabola:
#
# $$ X = \begin{pmatrix} 1 & 0 & 0 \\ 1 & 1 & 1 \\ 1 & 2 & 4 \end{pmatrix}, \quad
# X^\top X = \begin{pmatrix} 3 & 3 & 5 \\ 3 & 5 & 9 \\ 5 & 9 & 17 \end{pmatrix}, \quad
# X^\top \mathbf{y} = \begin{pmatrix} 8 \\ 12 \\ 22 \end{pmatrix}
# \quad\Longrightarrow\quad a = 1,\; b = 0,\; c = 1,\; L = 0 . $$
#
# On the given data you should find $a = 1.8195$, $b = -3.0787$, $c = 2.2214$ with loss $0.0503$.
#
# **Graded:** these four numbers; a parabola without noise is found again; other data sets.


# %%
def regression_polynomial_second_order(x: torch.Tensor, y: torch.Tensor) -> tuple[float, float, float, float]:
    """Return (a, b, c, loss) of the parabola with the smallest mean squared error, solved exactly.

    x and y are float32 tensors of shape (n,). All four results are floats.
    """
    raise NotImplementedError("Task 1: build X, solve for (a, b, c), return them with the loss.")


# %%
if __name__ == "__main__":
    x, y = generate_training_pairs()
    print("closed form:", regression_polynomial_second_order(x, y))

# %% [markdown]
# ## Task 2: gradient descent, gradients by hand
#
# Now pretend that nobody can solve the equations, as with every neural network, and walk downhill instead.
# Each iteration computes the loss and its gradient at the current point, then moves **all three** parameters
# one step against the gradient:
#
# $$ a \leftarrow a - \eta\,\frac{\partial L}{\partial a}, \qquad
# b \leftarrow b - \eta\,\frac{\partial L}{\partial b}, \qquad
# c \leftarrow c - \eta\,\frac{\partial L}{\partial c} . $$
#
# Derive the three partial derivatives of $L$ with the chain rule, on paper, before you write any code. The
# first one is
#
# $$ \frac{\partial L}{\partial a} = \frac{2}{n} \sum_{i=1}^{n} r_i . $$
#
# No autograd in this task: no `requires_grad`, no `backward()`. (Tensors for plain arithmetic are welcome.)
#
# **Worked example.** The three points from above, $a = b = c = 0$, $\eta = 0.1$. The residuals are
# $r = (-1, -2, -5)$, so
#
# | quantity | value |
# |---|---|
# | loss | $(1 + 4 + 25)/3 = 10$ |
# | $\partial L/\partial a$ | $\tfrac{2}{3}(-1 - 2 - 5) = -5.3333$ |
# | $\partial L/\partial b$ | $-8$ |
# | $\partial L/\partial c$ | $-14.6667$ |
# | new $a, b, c$ | $0.5333,\; 0.8,\; 1.4667$ |
#
# With `num_iterations=1` the function returns `(0.5333, 0.8, 1.4667, 10.0)`, with `num_iterations=2` it
# returns the loss $3.2859$, which is the loss of $(0.5333, 0.8, 1.4667)$. All three gradients use the *same*
# residuals: updating $a$ first and computing the gradient of $b$ with the new $a$ is another algorithm.
#
# On the given data, starting from `torch.manual_seed(0); a, b, c = torch.randn(3).tolist()`, you should see
#
# | learning rate | iterations | a | b | c | loss |
# |---|---|---|---|---|---|
# | 1e-1 | 1 | 2.1946 | 0.7463 | -0.4698 | 24.0801 |
# | 1e-1 | 2 | 2.0708 | 0.7250 | -0.3897 | 1.7673 |
# | 1e-1 | 7 | 1.5770 | 0.6202 | -0.0813 | 0.9693 |
# | 1e-2 | 100 | 1.3888 | 0.5683 | 0.0439 | 0.6824 |
# | 1e-2 | 4000 | 1.4275 | -1.9894 | 1.6990 | 0.0749 |
#
# **Graded:** the first update of each parameter; the points after a few iterations, on these and on other
# data, starts and rates; the last row of the table, with the default arguments; that the loss is the one before
# the last update; that the error shrinks as fast as theory says (see the end of Task 3); that a diverging run
# comes back as huge, `inf` or `nan` numbers; **hygiene**: no call of autograd.


# %%
def regression_polynomial_second_order_manual(
    x: torch.Tensor,
    y: torch.Tensor,
    a: float,
    b: float,
    c: float,
    learning_rate: float = 1e-2,
    num_iterations: int = 4000,
) -> tuple[float, float, float, float]:
    """Return (a, b, c, loss) after gradient descent from the floats a, b, c, with hand-derived gradients.

    The parameters are those after num_iterations updates; the loss is the one of the last iteration, computed
    before its update. All four results are floats.
    """
    raise NotImplementedError("Task 2: loop num_iterations times: residuals, loss, three gradients, three updates.")


# %%
if __name__ == "__main__":
    example_x, example_y = torch.tensor([0.0, 1.0, 2.0]), torch.tensor([1.0, 2.0, 5.0])
    print("example:", regression_polynomial_second_order_manual(example_x, example_y, 0.0, 0.0, 0.0, 0.1, 1))
    x, y = generate_training_pairs()
    torch.manual_seed(0)
    start_a, start_b, start_c = torch.randn(3).tolist()
    print("by hand:", regression_polynomial_second_order_manual(x, y, start_a, start_b, start_c))

# %% [markdown]
# ## Task 3: gradient descent, gradients by autograd
#
# The same walk, but PyTorch differentiates. One iteration has four steps:
#
# 1. **forward**: compute the loss from parameters that have `requires_grad=True`;
# 2. **backward**: `loss.backward()` *adds* the gradient of the loss to every parameter's `.grad`;
# 3. **update**: change the parameters, with recording switched off (`with torch.no_grad():`);
# 4. **clear**: reset every `.grad`, otherwise the next backward pass adds to the old numbers.
#
# The start is fixed, so that everyone's run is the same: call `torch.manual_seed(1)`, then draw `a`, then
# `b`, then `c`, each with `torch.randn(())`. Any style of gradient descent is right: the four steps above,
# `torch.autograd.grad`, `torch.func.grad`, `torch.optim.SGD`, three scalars or one vector.
#
# On the given data you should see
#
# | learning rate | iterations | a | b | c | loss |
# |---|---|---|---|---|---|
# | 1e-1 | 1 | 0.7999 | 0.4633 | 0.3975 | 1.1946 |
# | 1e-1 | 2 | 0.7852 | 0.4512 | 0.4137 | 0.3367 |
# | 1e-1 | 7 | 0.7294 | 0.3910 | 0.4802 | 0.3123 |
# | 1e-1 | 100 | 0.8828 | -0.4756 | 0.9729 | 0.1912 |
# | 1e-1 | 2000 | 1.8166 | -3.0707 | 2.2175 | 0.0503 |
# | 1e-1 | 4000 | 1.8195 | -3.0786 | 2.2214 | 0.0503 |
# | 1e-2 | 100 | 0.7115 | 0.3569 | 0.5112 | 0.3005 |
# | 1e-2 | 2000 | 1.1279 | -1.1572 | 1.2998 | 0.1267 |
# | 1e-2 | 4000 | 1.4430 | -2.0325 | 1.7196 | 0.0730 |
# | 1e-2 | 6000 | 1.6145 | -2.5091 | 1.9482 | 0.0570 |
# | 1e-2 | 8000 | 1.7079 | -2.7686 | 2.0727 | 0.0523 |
#
# ### How fast should it converge?
#
# $L$ is quadratic, so its gradient is linear: $\nabla L(\mathbf{w}) = H(\mathbf{w} - \mathbf{w}^*)$ with the
# Hessian $H = \frac{2}{n} X^\top X$ and the minimum $\mathbf{w}^*$ from Task 1. Subtract $\mathbf{w}^*$ from
# both sides of the update and look at the error:
#
# $$ \mathbf{w}_{k+1} - \mathbf{w}^* = (I - \eta H)\,(\mathbf{w}_k - \mathbf{w}^*) . $$
#
# Along each eigenvector of $H$ with eigenvalue $\lambda$ the error is multiplied by $1 - \eta\lambda$ in
# every single step. On the given data $\lambda = 9.98,\; 0.764,\; 0.0304$, hence:
#
# - $\eta$ must stay below $2/\lambda_{\max} = 0.2004$; then the loss falls in every step;
# - $\eta = 1$ multiplies the steepest error by $-8.98$ per step: float32 overflows after some 20 to 30 steps;
# - $\eta = 10^{-2}$ shrinks the flattest error by only $0.9997$ per step: after 4000 steps 30 % of it is
#   left.
#
# The checks measure this rate in your runs. It is a sharp test: a forgotten factor 2 or a gradient that was
# not cleared shows up at once, even when the end point looks fine.
#
# **Graded:** the numbers above, also with the default arguments; other data and rates; that the loss is the one
# before the last update; that the loss never rises and the error shrinks at the rate that theory gives; that a
# run with rate 1 diverges without an exception; **hygiene**: every step uses its own fresh gradient, and nothing
# but the parameters changes. An update through `.data`, which autograd cannot see, costs a quarter of the hygiene
# points.


# %%
def regression_polynomial_second_order_via_gradient(
    x: torch.Tensor,
    y: torch.Tensor,
    learning_rate: float = 1e-2,
    num_iterations: int = 4000,
) -> tuple[float, float, float, float]:
    """Return (a, b, c, loss) after gradient descent with autograd, started from torch.manual_seed(1).

    a, b and c are drawn in this order, each with torch.randn(()). The parameters are those after
    num_iterations updates; the loss is the one of the last iteration, computed before its update. All four
    results are floats.
    """
    raise NotImplementedError("Task 3: seed and draw a, b, c; loop: forward, backward, update, clear.")


# %%
if __name__ == "__main__":
    x, y = generate_training_pairs()
    for iterations in (1, 2, 7, 100, 2000):
        print(iterations, regression_polynomial_second_order_via_gradient(x, y, 1e-1, iterations))

# %% [markdown]
# ## Task 4: one number decides
#
# Run Task 3 once for every learning rate and collect the results in a dictionary from the rate to its tuple
# `(a, b, c, loss)`. Every run starts from the same point and makes `num_iterations` updates. After 4000
# iterations:
#
# | learning rate | a | b | c | loss | |
# |---|---|---|---|---|---|
# | 1e0 | nan | nan | nan | nan | too large: explodes |
# | 1e-1 | 1.8195 | -3.0786 | 2.2214 | 0.0503 | arrives |
# | 1e-2 | 1.4430 | -2.0325 | 1.7196 | 0.0730 | on its way |
# | 1e-3 | 0.7073 | 0.0478 | 0.7156 | 0.2522 | has hardly started |
#
# **Graded:** the keys are exactly the given rates, as floats; every entry is the result of your own Task 3
# function at that rate and `num_iterations`, 4000 by default; the diverging run is in the dictionary too.


# %%
def compare_learning_rates(
    x: torch.Tensor,
    y: torch.Tensor,
    learning_rates: Sequence[float] = (1e0, 1e-1, 1e-2, 1e-3),
    num_iterations: int = 4000,
) -> dict[float, tuple[float, float, float, float]]:
    """Return a dict from each learning rate to the (a, b, c, loss) that gradient descent reaches with it."""
    raise NotImplementedError("Task 4: call your Task 3 function once for every learning rate.")


# %%
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    x, y = generate_training_pairs()
    grid = torch.linspace(0, 2, 200)
    plt.scatter(x, y, s=12, color="gray", label="data")
    for rate, (a, b, c, loss) in compare_learning_rates(x, y, num_iterations=1000).items():
        print(f"rate {rate:g}: a={a:.4f} b={b:.4f} c={c:.4f} loss={loss:.4f}")
        if loss < 1e3:
            plt.plot(grid, a + b * grid + c * grid**2, label=f"learning rate {rate:g}")
    plt.legend()
    plt.show()
