# %% [markdown]
# # Truncated backpropagation through time
#
# A **recurrent network** reads a sequence step by step and keeps a *state*: a few numbers in which it remembers what
# it has read. To train it, `backward()` has to walk the same way back, through all steps: **backpropagation through
# time**. For a long sequence that takes long, and it needs the memory of all steps at once.
#
# So one cuts the sequence into **windows**. The state is carried from one window to the next, but the gradient stops
# at the window's beginning. That is **truncated** backpropagation through time, and it is how recurrent networks are
# trained in practice. In this assignment you build a small recurrent cell, measure how far back a gradient reaches,
# train with windows, and see what a window that is too short cannot learn.
#
# | task | what you write | points |
# |---|---|---|
# | 1 | the cell `RecurrentCell` | 5 |
# | 2 | `gradient_reach` | 5 |
# | 3 | `train_truncated` | 10 |
# | 4 | `compare_windows` | 4 |
#
# **How to work.** Replace every `raise NotImplementedError(...)` by your own code. Keep the names and the parameters
# of the functions; add functions of your own wherever you like. The cells that begin with `if __name__ ==
# "__main__":` are for experiments: change them freely, they are not graded. Some checks are given to you in
# `test_public.py`. Others stay hidden; they ask for what is written on this page and nothing else.
#
# ### Conventions in this whole assignment
#
# - $T$ is the number of steps in a sequence, $H$ the number of hidden units. A sequence has the shape `(T, 1)`, one
#   step of it `(1,)`, a state `(H,)`. Everything is `float32`.
# - Every sequence begins with the state **zero**: `torch.zeros(model.hidden_size)`.
# - What is recorded is recorded **before** the update: the first loss belongs to the model as it came in.
# - Losses and norms are plain Python **floats** (`.item()` makes a float of a tensor).
# - The arguments belong to the caller: apart from the parameters of the model that you train, do not change them.
# - Where nothing else is said, any style is right: `torch.optim.SGD`, an update by hand, `torch.autograd.grad`.

# %%
from __future__ import annotations

import copy

import torch

# %% [markdown]
# ## The data and the way through a sequence (given)
#
# `make_signal` makes a task that needs a memory: the input is a random sequence of +1 and -1, and the target is the
# input as it was `lag` steps ago. `run` sends a sequence through a model. It is written for any model that maps one
# step and a state to an output and a new state: in the tasks 2, 3 and 4 the checks bring along models of their own,
# so a mistake in task 1 costs nothing there. You may use `run` in your own code.


# %%
def make_signal(length: int = 40, lag: int = 3, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Return inputs and targets of shape (length, 1): random +1 and -1, and the same `lag` steps later.

    The first `lag` targets are 0, because there is nothing to remember yet.
    """
    generator = torch.Generator().manual_seed(seed)
    inputs = 2.0 * torch.randint(0, 2, (length, 1), generator=generator) - 1.0
    return inputs, torch.cat([torch.zeros(lag, 1), inputs])[:length]


def run(model: torch.nn.Module, inputs: torch.Tensor, state: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return (outputs, last state) of the model on inputs of shape (T, 1), beginning with the state of shape (H,).

    The outputs have the shape (T, 1). The graph leads through all steps, back to the state that was passed in.
    """
    outputs = []
    for x in inputs:
        output, state = model(x, state)
        outputs.append(output)
    return torch.stack(outputs), state


# %% [markdown]
# ## Task 1: a cell with a memory (5 points)
#
# One step of the network of Elman (1990) takes the input $x \in \mathbb{R}^1$ and the state $h \in \mathbb{R}^H$,
# makes the new state $h'$, and reads the output $y$ off **the new state**:
#
# $$ h' = \tanh(W x + U h + b), \qquad y = V h' + c . $$
#
# Give the five parameters exactly these names and shapes (with `torch.nn.Parameter`), so that known numbers can be
# loaded into them:
#
# | parameter | name | shape |
# |---|---|---|
# | $W$ | `input_weight` | `(H, 1)` |
# | $U$ | `recurrent_weight` | `(H, H)` |
# | $b$ | `hidden_bias` | `(H,)` |
# | $V$ | `output_weight` | `(1, H)` |
# | $c$ | `output_bias` | `(1,)` |
#
# As in PyTorch's own recurrent layers, all numbers are drawn at random, uniformly between $-1/\sqrt H$ and $1/\sqrt
# H$. In which order you draw them is up to you. Keep `hidden_size` as an attribute of the cell; the default is 8.
#
# **Worked example.** Two units that pass a number on: $W = (1, 0)^\top$, $V = (0, 1)$, $b = 0$, $c = 0$ and
#
# $$ U = \begin{pmatrix} 0 & 0 \\ 1 & 0 \end{pmatrix} . $$
#
# With $x = 0.5$ and $h = (0.2, 0)$ the new state is $(\tanh 0.5, \tanh 0.2) = (0.4621, 0.1974)$ and the output is
# $0.1974$: the second unit holds what the first one held a step ago. `run` on the inputs $0.5, 0, 0$, from the state
# zero, gives $0$, $0.4318$, $0$: the 0.5 comes out one step later, a little smaller because of the two $\tanh$.
#
# **Graded:** names, shapes and initial values of the parameters; output and new state for known parameters, for
# several $H$; that the gradient flows through the cell to all five parameters and to the state.


# %%
class RecurrentCell(torch.nn.Module):
    """One step of an Elman network: (x, state) of shapes (1,) and (H,) to (output, new state), (1,) and (H,)."""

    def __init__(self, hidden_size: int = 8) -> None:
        """Make the five parameters, and keep hidden_size as an attribute."""
        raise NotImplementedError("Task 1: make the five parameters.")

    def forward(self, x: torch.Tensor, state: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return (output, new state) of one step."""
        raise NotImplementedError("Task 1: new state, then output.")


# %%
if __name__ == "__main__":
    cell = RecurrentCell(2)
    for name, parameter in cell.named_parameters():
        print(f"{name}: {tuple(parameter.shape)}")
    known = {
        "input_weight": torch.tensor([[1.0], [0.0]]),
        "recurrent_weight": torch.tensor([[0.0, 0.0], [1.0, 0.0]]),
        "hidden_bias": torch.zeros(2),
        "output_weight": torch.tensor([[0.0, 1.0]]),
        "output_bias": torch.zeros(1),
    }
    cell.load_state_dict(known)
    output, state = cell(torch.tensor([0.5]), torch.tensor([0.2, 0.0]))
    print("new state (should be 0.4621, 0.1974):", state.detach())
    print("output (should be 0.1974):", output.detach())

# %% [markdown]
# ## Task 2: how far back does a gradient reach? (5 points)
#
# How much does the last output $y_T$ depend on the state $h_t$ after step $t$? The gradient says it. By the chain
# rule it is a product with one factor for every step in between:
#
# $$ \frac{\partial y_T}{\partial h_t} = V \, D_T U \, D_{T-1} U \cdots D_{t+1} U, \qquad
# D_k = \operatorname{diag}\bigl(1 - h_k^2\bigr) . $$
#
# Here $1 - h_k^2$ is the derivative of $\tanh$, and $h_k^2$ is taken unit by unit. A product of many factors usually
# **vanishes** or **explodes**. Near the state zero $D_k$ is the identity, and with one hidden unit the gradient is
# simply $V\,U^{T-t}$.
#
# Run the model through `inputs` from the state zero and return the list of the $T$ norms (Euclidean length)
#
# $$ \Bigl\lVert \frac{\partial y_T}{\partial h_1} \Bigr\rVert, \;\ldots,\;
# \Bigl\lVert \frac{\partial y_T}{\partial h_T} \Bigr\rVert . $$
#
# The last entry is always $\lVert V \rVert$. You only measure here: leave the `.grad` of every parameter of the model
# as it was. (`torch.autograd.grad(y, tensors)` returns gradients without touching any `.grad`.)
#
# **Worked example.** One hidden unit, $W = 1$, $U = 0.5$, $V = 2$, no biases, and four inputs that are all 0. Then
# all states are 0, and the result is `[0.25, 0.5, 1.0, 2.0]`: each step back halves the gradient.
#
# **Graded:** the example; other cells, sequences and lengths, also a single step; the rate at which the gradient
# vanishes or explodes, against theory; **hygiene**: the model and its gradients are left as they were.


# %%
def gradient_reach(model: torch.nn.Module, inputs: torch.Tensor) -> list[float]:
    """Return the norms of ∂(last output)/∂(state after step t) for t = 1, ..., T, as a list of floats.

    inputs has the shape (T, 1); the first step begins with the state zero.
    """
    raise NotImplementedError("Task 2: keep the states of all steps, then ask for the gradients of the last output.")


# %% [markdown]
# One cell, with its $U$ made smaller or larger: the larger $U$, the further back the gradient reaches. Even $4\,U$ does
# not let it explode here, because the states come close to $\pm 1$, where $1 - h_k^2$ is small.

# %%
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    signal, _ = make_signal(length=30)
    _, ax = plt.subplots()
    for factor in (0.5, 1.0, 2.0, 4.0):
        torch.manual_seed(0)
        cell = RecurrentCell()
        with torch.no_grad():
            cell.recurrent_weight *= factor
        ax.semilogy(range(-29, 1), gradient_reach(cell, signal), marker=".", label=f"U times {factor:g}")
    ax.set_title("how far back the gradient reaches")
    ax.set_xlabel("step, counted from the last one")
    ax.set_ylabel("norm of the gradient of the last output")
    ax.legend()
    plt.show()

# %% [markdown]
# ## Task 3: training, window by window (10 points)
#
# Write `num_epochs` passes over the sequence. In each of them
#
# 1. begin with the state zero;
# 2. cut the $T$ steps into windows of `window` steps, in order. If something is left at the end, it is a shorter
#    window, and it is **used** like all others;
# 3. for each window run the model on its steps, from the state in which the window before has ended; compute the mean
#    squared error over the steps of *this* window, $\displaystyle L = \frac{1}{n} \sum_t (y_t - z_t)^2$, where
#    $n$ is the number of its steps, $y_t$ the output and $z_t$ the target, and note it;
# 4. after each window make **one** update of plain gradient descent, $\theta \leftarrow \theta - \eta\, \nabla L$, for
#    all parameters of the model, and clear the gradients;
# 5. carry the last state on to the next window **as a number**: `state.detach()`. It keeps its value and forgets
#    where it came from.
#
# Return the noted losses, one float per window, epoch after epoch: `num_epochs` times $\lceil T / \text{window}
# \rceil$ of them.
#
# Why `detach()`? Without it the graph of the second window goes on into the first one, which `backward()` has already
# freed: PyTorch stops with "Trying to backward through the graph a second time". The advice in that message,
# `retain_graph=True`, is the wrong medicine here: it keeps the graphs of all windows alive. The state that is carried
# on is not computed anew with the updated parameters.
#
# With `window` at least $T$ there is one window, nothing is cut off, and every epoch is a step of ordinary gradient
# descent on the whole sequence: full backpropagation through time.
#
# **Worked example.** One hidden unit with $W = 1$, $U = 0.5$, $V = 1$, $b = c = 0$; the inputs are $1, -1, -1, 1$,
# the targets $0, 1, -1, -1$ (the input of the step before); `window=2`, `learning_rate=0.1`, `num_epochs=1`.
#
# | | outputs | loss | state carried on | $W$ | $U$ | $b$ | $V$ | $c$ |
# |---|---|---|---|---|---|---|---|---|
# | at the start | | | 0 | 1 | 0.5 | 0 | 1 | 0 |
# | window 1: steps 1, 2 | 0.7616, -0.5506 | 1.4922 | -0.5506 | 0.8827 | 0.5823 | 0.0988 | 0.8566 | 0.0789 |
# | window 2: steps 3, 4 | -0.6082, 0.4844 | 1.1784 | | 0.8164 | 0.6793 | -0.0324 | 0.8178 | -0.1087 |
#
# The returned list is `[1.4922, 1.1784]`, rounded. With `window=4` it is `[1.3267]`, with `window=3`, where the last
# window has a single step, `[1.0018, 2.1707]`.
#
# **Graded:** the example; other models, sequences and windows, with a shorter window at the end and with a window
# longer than the sequence; several epochs, the default arguments, a second call; that one long window gives full
# backpropagation through time; the rate of convergence, against theory, and that windows of 10 steps learn a lag of
# 3; **hygiene**: every window uses its own fresh gradients, and no graph of an earlier window stays alive.


# %%
def train_truncated(
    model: torch.nn.Module,
    inputs: torch.Tensor,
    targets: torch.Tensor,
    window: int,
    learning_rate: float = 0.1,
    num_epochs: int = 40,
) -> list[float]:
    """Return the loss of every window, epoch after epoch, as floats; trains the model in place.

    inputs and targets have the shape (T, 1). Every window makes one update of plain gradient descent on the mean
    squared error of its own steps, the shorter one at the end as well. Each loss is the one before its update.
    """
    raise NotImplementedError("Task 3: for each window: run, loss, note it, backward, update, clear, detach the state.")


# %%
if __name__ == "__main__":
    torch.manual_seed(0)
    signal, wanted = make_signal()
    cell = RecurrentCell()
    losses = train_truncated(cell, signal, wanted, window=10)
    _, ax = plt.subplots()
    ax.semilogy([number / 4 for number in range(len(losses))], losses)
    ax.set_title("training with windows of 10 steps")
    ax.set_xlabel("epoch (4 windows of 10 steps each)")
    ax.set_ylabel("loss of a window")
    plt.show()

# %% [markdown]
# ## Task 4: a window that is too short (4 points)
#
# In a window of $w$ steps the gradient reaches back $w - 1$ steps at most. What is further away is not forgotten, for
# the state is carried on. But nobody *teaches* the state to keep it: with a lag of 3 and windows of 1 or 2 steps, no
# gradient ever connects an output with the input that it should repeat.
#
# Train **a copy of the model** (`copy.deepcopy`) for each entry of `windows`, so that all of them start from the same
# parameters, with your `train_truncated`. Then measure the mean squared error over the whole sequence, in one run
# from the state zero, without recording a graph. Return a dict from each window to this loss, a float. The model that
# was passed in stays as it is.
#
# With `make_signal(seed=s)` and a cell that was made after `torch.manual_seed(s)`, our losses were these (yours
# differ where you draw the parameters in another order):
#
# | window | loss for `s = 0` | smallest and largest loss for `s` from 0 to 7 |
# |---|---|---|
# | 1 | about 0.5 to 1.1 | 0.3, 3.1 |
# | 2 | 0.705 | 0.15, 1.2 |
# | 10 | 0.0088 | 0.002, 0.012 |
#
# With windows of 1 or 2 steps the training does not settle. Rounding errors grow there, so the same program gives
# other numbers on another machine; what the output gets right, it reads from what the state happens to hold.
#
# Always answering 0 would have a loss of 0.925, for three of the 40 targets are 0 and all others 1 or -1.
#
# **Graded:** the keys and the losses, for other models, sequences and settings and with the default arguments; that
# short windows stay behind and long ones learn the lag; **hygiene**: the model that is passed in does not change.


# %%
def compare_windows(
    model: torch.nn.Module,
    inputs: torch.Tensor,
    targets: torch.Tensor,
    windows: tuple[int, ...] = (1, 2, 10),
    learning_rate: float = 0.1,
    num_epochs: int = 40,
) -> dict[int, float]:
    """Return a dict from each window to the loss over the whole sequence after training a copy of the model with it.

    The model that is passed in stays as it is.
    """
    raise NotImplementedError("Task 4: for each window: copy the model, train the copy, measure it.")


# %%
if __name__ == "__main__":
    torch.manual_seed(0)
    cell = RecurrentCell()
    for window, loss in compare_windows(cell, signal, wanted).items():
        print(f"window {window}: loss {loss:.4f}")

    _, axes = plt.subplots(2, figsize=(9, 5), sharex=True, sharey=True)
    for ax, window in zip(axes, (1, 10), strict=True):
        trained = copy.deepcopy(cell)
        train_truncated(trained, signal, wanted, window)
        with torch.no_grad():
            outputs, _ = run(trained, signal, torch.zeros(trained.hidden_size))
        ax.step(range(40), wanted[:, 0], where="mid", color="lightgray", linewidth=3, label="target")
        ax.plot(range(40), outputs[:, 0], marker=".", label="output")
        ax.set_title(f"trained with window = {window}")
        ax.set_ylabel("signal")
    axes[0].legend(loc="upper left", bbox_to_anchor=(1, 1))
    axes[1].set_xlabel("step")
    plt.tight_layout()
    plt.show()
