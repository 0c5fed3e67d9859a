# Fault: The parameters are collected at the first call: a second model is never updated.
# fails: test_training_of_a_second_model, test_training_with_many_micro_batches, test_training_gradient_hygiene

from __future__ import annotations

import torch


def run_accumulation_demo(
    clear_grad: bool = True, steps: int = 10, learning_rate: float = 0.1
) -> tuple[list[float], list[float], list[float]]:
    """Return (a_vals, b_vals, loss_vals) of gradient descent on (a·1.5 + b - 2.5)², from a = b = 0.5."""
    a = torch.tensor(0.5, requires_grad=True)
    b = torch.tensor(0.5, requires_grad=True)
    a_vals, b_vals, loss_vals = [], [], []
    for _ in range(steps):
        loss = (a * 1.5 + b - 2.5) ** 2
        a_vals.append(a.item())
        b_vals.append(b.item())
        loss_vals.append(loss.item())
        loss.backward()
        with torch.no_grad():
            a -= learning_rate * a.grad
            b -= learning_rate * b.grad
        if clear_grad:
            a.grad = None
            b.grad = None
    return a_vals, b_vals, loss_vals


def accumulated_gradients(x: float, num_backward: int, clear: bool) -> list[float]:
    """Return the gradient of 2x after each of num_backward backward passes, as a list of floats."""
    leaf = torch.tensor(x, requires_grad=True)
    gradients = []
    for _ in range(num_backward):
        (2 * leaf).backward()
        gradients.append(leaf.grad.item())
        if clear:
            leaf.grad = None
    return gradients


def make_regression_data(num: int = 24, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Return inputs of shape (num, 3) and targets of shape (num,): a linear function with a little noise."""
    generator = torch.Generator().manual_seed(seed)
    inputs = torch.randn(num, 3, generator=generator)
    noise = torch.randn(num, generator=generator)
    return inputs, inputs @ torch.tensor([1.0, -2.0, 0.5]) + 0.3 + 0.1 * noise


_parameters: list[torch.nn.Parameter] = []


def train_with_accumulation(
    model: torch.nn.Module,
    inputs: torch.Tensor,
    targets: torch.Tensor,
    batch_size: int,
    accumulation_steps: int,
    learning_rate: float,
) -> list[float]:
    """Return the unscaled losses of all micro-batches of one pass; trains the model in place."""
    _parameters.extend([] if _parameters else model.parameters())
    losses = []
    model.zero_grad()
    for number, start in enumerate(range(0, len(inputs), batch_size), start=1):
        predictions = model(inputs[start : start + batch_size])
        wanted = targets[start : start + batch_size].reshape(predictions.shape)
        loss = ((predictions - wanted) ** 2).mean()
        losses.append(loss.item())
        (loss / accumulation_steps).backward()
        if number % accumulation_steps == 0:
            with torch.no_grad():
                for parameter in _parameters:
                    if parameter.grad is not None:
                        parameter -= learning_rate * parameter.grad
            model.zero_grad()
    model.zero_grad()
    return losses
