# %% [markdown]
# # Truncated backpropagation through time

# %%
from __future__ import annotations

import copy

import torch

# %% [markdown]
# ## The data and the way through a sequence (given)


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
# ## Task 1: a cell with a memory


# %%
class RecurrentCell(torch.nn.Module):
    """One step of an Elman network: (x, state) of shapes (1,) and (H,) to (output, new state), (1,) and (H,)."""

    def __init__(self, hidden_size: int = 8) -> None:
        """Make the five parameters, and keep hidden_size as an attribute."""
        super().__init__()
        self.hidden_size = hidden_size
        self.input_weight = torch.nn.Parameter(torch.empty(hidden_size, 1))
        self.recurrent_weight = torch.nn.Parameter(torch.empty(hidden_size, hidden_size))
        self.hidden_bias = torch.nn.Parameter(torch.empty(hidden_size))
        self.output_weight = torch.nn.Parameter(torch.empty(1, hidden_size))
        self.output_bias = torch.nn.Parameter(torch.empty(1))
        bound = hidden_size**-0.5
        for parameter in self.parameters():
            torch.nn.init.uniform_(parameter, -bound, bound)

    def forward(self, x: torch.Tensor, state: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return (output, new state) of one step."""
        state = torch.tanh(self.input_weight @ x + self.recurrent_weight @ state + self.hidden_bias)
        return self.output_weight @ state + self.output_bias, state


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
# ## Task 2: how far back does a gradient reach?


# %%
def gradient_reach(model: torch.nn.Module, inputs: torch.Tensor) -> list[float]:
    """Return the norms of ∂(last output)/∂(state after step t) for t = 1, ..., T, as a list of floats.

    inputs has the shape (T, 1); the first step begins with the state zero.
    """
    state, states = torch.zeros(model.hidden_size), []
    for x in inputs:
        output, state = model(x, state)
        states.append(state)
    return [gradient.norm().item() for gradient in torch.autograd.grad(output.sum(), states)]


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
# ## Task 3: training, window by window


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
    losses = []
    parameters = list(model.parameters())
    for _ in range(num_epochs):
        state = torch.zeros(model.hidden_size)
        for start in range(0, len(inputs), window):
            outputs, state = run(model, inputs[start : start + window], state)
            loss = ((outputs - targets[start : start + window]) ** 2).mean()
            losses.append(loss.item())
            model.zero_grad()
            loss.backward()
            with torch.no_grad():
                for parameter in parameters:
                    parameter -= learning_rate * parameter.grad
            state = state.detach()
    model.zero_grad()
    return losses


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
# ## Task 4: a window that is too short


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
    result = {}
    for window in windows:
        trained = copy.deepcopy(model)
        train_truncated(trained, inputs, targets, window, learning_rate, num_epochs)
        with torch.no_grad():
            outputs, _ = run(trained, inputs, torch.zeros(trained.hidden_size))
            result[window] = ((outputs - targets) ** 2).mean().item()
    return result


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
