# Right: torch.func: grad_and_value of a pure loss, functional_call for the model.

from __future__ import annotations

import torch


def _demo_loss(point):
    return (point[0] * 1.5 + point[1] - 2.5) ** 2


def run_accumulation_demo(
    clear_grad: bool = True, steps: int = 10, learning_rate: float = 0.1
) -> tuple[list[float], list[float], list[float]]:
    """Return (a_vals, b_vals, loss_vals) of gradient descent on (a·1.5 + b - 2.5)², from a = b = 0.5."""
    point, total = torch.tensor([0.5, 0.5]), torch.zeros(2)
    history = []
    for _ in range(steps):
        gradient, loss = torch.func.grad_and_value(_demo_loss)(point)
        history.append([*point.tolist(), loss.item()])
        total = gradient if clear_grad else total + gradient
        point = point - learning_rate * total
    a_vals, b_vals, loss_vals = (list(column) for column in zip(*history, strict=True))
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


def train_with_accumulation(
    model: torch.nn.Module,
    inputs: torch.Tensor,
    targets: torch.Tensor,
    batch_size: int,
    accumulation_steps: int,
    learning_rate: float,
) -> list[float]:
    """Return the unscaled losses of all micro-batches of one pass; trains the model in place."""

    def micro_loss(parameters, rows, wanted):
        return (torch.func.functional_call(model, parameters, (rows,)).flatten() - wanted).square().mean()

    losses, window = [], []
    for start in range(0, len(inputs), batch_size):
        current = {name: parameter.detach() for name, parameter in model.named_parameters()}
        stop = start + batch_size
        rows, wanted = inputs[start:stop], targets[start:stop]
        gradients, loss = torch.func.grad_and_value(micro_loss)(current, rows, wanted)
        losses.append(loss.item())
        window.append(gradients)
        if len(window) == accumulation_steps:
            with torch.no_grad():
                for name, parameter in model.named_parameters():
                    mean = torch.stack([gradients[name] for gradients in window]).mean(dim=0)
                    parameter.copy_(parameter - learning_rate * mean)
            window = []
    return losses
