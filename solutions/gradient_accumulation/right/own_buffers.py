# Right: torch.autograd.grad and sums in buffers of its own; no .grad is ever used.

from __future__ import annotations

import torch


def run_accumulation_demo(
    clear_grad: bool = True, steps: int = 10, learning_rate: float = 0.1
) -> tuple[list[float], list[float], list[float]]:
    """Return (a_vals, b_vals, loss_vals) of gradient descent on (a·1.5 + b - 2.5)², from a = b = 0.5."""
    a, b = torch.tensor(0.5), torch.tensor(0.5)
    sum_a, sum_b = torch.tensor(0.0), torch.tensor(0.0)
    a_vals, b_vals, loss_vals = [], [], []
    for _ in range(steps):
        a.requires_grad_()
        b.requires_grad_()
        loss = (a * 1.5 + b - 2.5) ** 2
        grad_a, grad_b = torch.autograd.grad(loss, (a, b))
        a_vals.append(a.item())
        b_vals.append(b.item())
        loss_vals.append(loss.item())
        sum_a = grad_a if clear_grad else sum_a + grad_a
        sum_b = grad_b if clear_grad else sum_b + grad_b
        a = a.detach() - learning_rate * sum_a
        b = b.detach() - learning_rate * sum_b
    return a_vals, b_vals, loss_vals


def accumulated_gradients(x: float, num_backward: int, clear: bool) -> list[float]:
    """Return the gradient of 2x after each of num_backward backward passes, as a list of floats."""
    leaf = torch.tensor(float(x)).requires_grad_()
    total, noted = 0.0, []
    for _ in range(num_backward):
        (gradient,) = torch.autograd.grad(2 * leaf, leaf)
        total = gradient.item() + (0.0 if clear else total)
        noted.append(total)
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
    parameters = list(model.parameters())
    sums = [torch.zeros_like(parameter) for parameter in parameters]
    losses, pending = [], 0
    for start in range(0, inputs.shape[0], batch_size):
        rows, wanted = inputs[start : start + batch_size], targets[start : start + batch_size]
        loss = (model(rows).squeeze(1) - wanted).pow(2).mean()
        losses.append(loss.item())
        for total, gradient in zip(sums, torch.autograd.grad(loss, parameters), strict=True):
            total += gradient
        pending += 1
        if pending == accumulation_steps:
            with torch.no_grad():
                for parameter, total in zip(parameters, sums, strict=True):
                    parameter.sub_(total, alpha=learning_rate / accumulation_steps)
                    total.zero_()
            pending = 0
    return losses
