"""Checks for losses that compare predictions of shape (N, 1) with targets of shape (N,).

**Why is this bad?** Broadcasting turns the difference into an (N, N) matrix: every prediction is compared with every
target, and the loss is the mean of N² pairs. The fit ends at the mean of the targets.

**Use instead:** bring both to the same shape: ``target.unsqueeze(1)``, ``target.reshape(-1, 1)`` or
``prediction.squeeze(1)``.

**Severity:** error. It speaks only where the difference flows into a loss that is differentiated.

**Missed alarms:** other broadcasts that are not meant, such as (N, 1) against (M,).
"""

from __future__ import annotations

from collections.abc import Iterable

import torch

from autograder.hygiene.facts.finding import Finding
from autograder.hygiene.facts.lines import by_line
from autograder.hygiene.trace.events import Broadcast
from autograder.hygiene.trace.view import View

SEVERITY = "E"


def check(trace: View) -> Iterable[Finding]:
    """One diagnostic per line."""
    for event, *_ in by_line(event for event in trace.of(Broadcast) if event.in_loss):
        size = event.size
        prediction, target = f"({size}, 1)", f"({size},)"
        if not event.prediction_column:
            prediction, target = target, prediction
        message = (
            f"The prediction has shape {prediction} and the target {target}, so the loss averages all "
            f"{size} × {size} = {size * size} pairs. Bring both to the same shape, for example with "
            "`target.unsqueeze(1)`."
        )
        yield Finding(message, place=event.place, step=event.step)


def bad() -> None:
    """(4, 1) against (4,)."""
    x, y = torch.arange(4.0).reshape(4, 1), torch.arange(4.0)
    w = torch.ones(1, 1, requires_grad=True)
    loss = ((x @ w - y) ** 2).mean()  # <- fault
    loss.backward()


def good() -> None:
    """The same shape."""
    x, y = torch.arange(4.0).reshape(4, 1), torch.arange(4.0)
    w = torch.ones(1, 1, requires_grad=True)
    loss = ((x @ w - y.unsqueeze(1)) ** 2).mean()
    loss.backward()


def bad_module() -> None:
    """A linear layer answers with a column."""
    x, y = torch.rand(6, 2), torch.rand(6)
    model, criterion = torch.nn.Linear(2, 1), torch.nn.MSELoss()
    loss = criterion(model(x), y)  # <- fault
    loss.backward()


def good_module() -> None:
    """The column is made flat."""
    x, y = torch.rand(6, 2), torch.rand(6)
    model, criterion = torch.nn.Linear(2, 1), torch.nn.MSELoss()
    loss = criterion(model(x).squeeze(1), y)
    loss.backward()
