# Right: The demo in plain Python numbers with its own sums; a foreach update; clearing with zero_ and fill_.

from __future__ import annotations

import torch


def run_accumulation_demo(
    clear_grad: bool = True, steps: int = 10, learning_rate: float = 0.1
) -> tuple[list[float], list[float], list[float]]:
    """Return (a_vals, b_vals, loss_vals) of gradient descent on (a·1.5 + b - 2.5)², from a = b = 0.5."""
    a = b = 0.5
    sum_a = sum_b = 0.0
    a_vals, b_vals, loss_vals = [], [], []
    for _ in range(steps):
        residual = a * 1.5 + b - 2.5
        a_vals.append(a)
        b_vals.append(b)
        loss_vals.append(residual * residual)
        if clear_grad:
            sum_a = sum_b = 0.0
        sum_a += 2 * residual * 1.5
        sum_b += 2 * residual
        a, b = a - learning_rate * sum_a, b - learning_rate * sum_b
    return a_vals, b_vals, loss_vals


def accumulated_gradients(x: float, num_backward: int, clear: bool) -> list[float]:
    """Return the gradient of 2x after each of num_backward backward passes, as a list of floats."""
    leaf = torch.full((), x, requires_grad=True)
    noted = []
    while len(noted) < num_backward:
        if clear and leaf.grad is not None:
            leaf.grad.zero_()
        value = leaf + leaf
        value.backward()
        noted.append(float(leaf.grad))
    return noted


def make_regression_data(num: int = 24, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Return inputs of shape (num, 3) and targets of shape (num,): a linear function with a little noise."""
    generator = torch.Generator().manual_seed(seed)
    inputs = torch.randn(num, 3, generator=generator)
    noise = torch.randn(num, generator=generator)
    return inputs, inputs @ torch.tensor([1.0, -2.0, 0.5]) + 0.3 + 0.1 * noise


def train_with_accumulation(
    model: torch.nn.Module,
    inputs: torch.Tensor,
    targets: torch.Tensor,
    batch_size: int,
    accumulation_steps: int,
    learning_rate: float,
) -> list[float]:
    """Return the unscaled losses of all micro-batches of one pass; trains the model in place."""
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    for parameter in parameters:
        if parameter.grad is not None:
            parameter.grad.fill_(0)
    losses = []
    for start in range(0, len(inputs), batch_size):
        output = model(inputs[start : start + batch_size])
        loss = torch.mean((output - targets[start : start + batch_size, None]) ** 2)
        (loss * (1 / accumulation_steps)).backward()
        losses.append(loss.item())
        if len(losses) % accumulation_steps == 0:
            gradients = [parameter.grad for parameter in parameters]
            with torch.no_grad():
                torch._foreach_add_(parameters, gradients, alpha=-learning_rate)
                torch._foreach_zero_(gradients)
    return losses
