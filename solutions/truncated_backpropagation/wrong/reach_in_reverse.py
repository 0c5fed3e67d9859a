# Fault: The norms begin with the last step.
# fails: test_reach_of_the_worked_example, test_reach_remembers_nothing, test_reach_changes_at_the_rate_of_theory,
#        test_reach_of_other_cells

from __future__ import annotations

import copy

import torch


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


def gradient_reach(model: torch.nn.Module, inputs: torch.Tensor) -> list[float]:
    """Return the norms of ∂(last output)/∂(state after step t) for t = 1, ..., T, as a list of floats.

    inputs has the shape (T, 1); the first step begins with the state zero.
    """
    state, states = torch.zeros(model.hidden_size), []
    for x in inputs:
        output, state = model(x, state)
        states.append(state)
    return [gradient.norm().item() for gradient in torch.autograd.grad(output.sum(), states[::-1])]


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
