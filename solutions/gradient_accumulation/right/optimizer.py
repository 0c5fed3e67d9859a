# Right: torch.optim.SGD everywhere; gradients cleared before backward at the start of a step or window.

from __future__ import annotations

import torch


def run_accumulation_demo(
    clear_grad: bool = True, steps: int = 10, learning_rate: float = 0.1
) -> tuple[list[float], list[float], list[float]]:
    """Return (a_vals, b_vals, loss_vals) of gradient descent on (a·1.5 + b - 2.5)², from a = b = 0.5."""
    a, b = (torch.nn.Parameter(torch.tensor(0.5)) for _ in range(2))
    optimizer = torch.optim.SGD([a, b], lr=learning_rate)
    rows = []
    for _ in range(steps):
        if clear_grad:
            optimizer.zero_grad(set_to_none=False)
        loss = (a * 1.5 + b - 2.5).square()
        rows.append((a.item(), b.item(), loss.item()))
        loss.backward()
        optimizer.step()
    return [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]


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
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses = []
    for index, (rows, wanted) in enumerate(
        zip(inputs.split(batch_size), targets.unsqueeze(1).split(batch_size), strict=True)
    ):
        if index % accumulation_steps == 0:
            optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(model(rows), wanted)
        losses.append(float(loss.detach()))
        loss.div(accumulation_steps).backward()
        if (index + 1) % accumulation_steps == 0:
            optimizer.step()
    return losses
