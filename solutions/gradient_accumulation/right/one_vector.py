# Right: The demo's two parameters are one vector; whole windows are processed in an inner loop.

from __future__ import annotations

import torch


def run_accumulation_demo(
    clear_grad: bool = True, steps: int = 10, learning_rate: float = 0.1
) -> tuple[list[float], list[float], list[float]]:
    """Return (a_vals, b_vals, loss_vals) of gradient descent on (a·1.5 + b - 2.5)², from a = b = 0.5."""
    w = torch.full((2,), 0.5, requires_grad=True)
    x = torch.tensor([1.5, 1.0])
    points, loss_vals = [], []
    for _ in range(steps):
        loss = (w @ x - 2.5) ** 2
        points.append(w.detach().clone())
        loss_vals.append(loss.item())
        loss.backward()
        with torch.no_grad():
            w.copy_(w - learning_rate * w.grad)
        if clear_grad:
            w.grad = torch.zeros_like(w)
    return [float(point[0]) for point in points], [float(point[1]) for point in points], loss_vals


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

    def error(rows, wanted):
        return torch.nn.MSELoss()(model(rows), wanted.view(-1, 1))

    pieces = list(zip(torch.split(inputs, batch_size), torch.split(targets, batch_size), strict=True))
    losses = []
    for first in range(0, len(pieces), accumulation_steps):
        window = pieces[first : first + accumulation_steps]
        if len(window) < accumulation_steps:
            with torch.no_grad():
                losses += [error(*piece).item() for piece in window]
            break
        model.zero_grad(set_to_none=False)
        for piece in window:
            loss = error(*piece)
            losses.append(loss.item())
            (loss / len(window)).backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.add_(parameter.grad, alpha=-learning_rate)
    return losses
