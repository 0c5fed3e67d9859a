"""Checks for ``torch.tensor(tensor)`` in the forward pass.

**Why is this bad?** ``torch.tensor`` copies the numbers of a tensor and forgets its graph. On data it is a wasted copy
(PyTorch warns), on anything that depends on a parameter it cuts the graph (GH301, GH302).

**Use instead:** the tensor itself, or ``x.clone()``, ``x.to(dtype)``; ``torch.stack`` to put tensors together.

**Severity:** warning.

**Missed alarms:** a rewrap that happens only once, outside of the loop.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch

from autograder.hygiene.facts.finding import Finding
from autograder.hygiene.facts.lines import by_line
from autograder.hygiene.trace.events import Rewrap
from autograder.hygiene.trace.view import View

SEVERITY = "W"


def check(trace: View) -> Iterable[Finding]:
    """Rewraps that feed the loss, again and again."""
    for events in by_line(event for event in trace.of(Rewrap) if event.used and not event.tracked):
        if len({event.step for event in events}) >= 2:
            message = (
                "`torch.tensor(...)` is given a tensor here: it copies the numbers and would cut the graph if there "
                "were one. Use the tensor itself, or `.clone()`."
            )
            yield Finding(message, place=events[0].place, step=events[0].step)


def bad() -> None:
    """The input is a tensor already."""
    x = torch.arange(4.0)
    w = torch.tensor(1.0, requires_grad=True)
    for _ in range(3):
        loss = (w * torch.tensor(x) - 2.0).square().mean()  # <- fault
        loss.backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
        w.grad = None


def good() -> None:
    """The tensor itself; for logging a rewrap does no harm."""
    x = torch.arange(4.0)
    w = torch.tensor(1.0, requires_grad=True)
    for _ in range(3):
        loss = (w * x - 2.0).square().mean()
        loss.backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
        w.grad = None


def bad_dtype() -> None:
    """The target only needs another dtype."""
    x, y = torch.arange(4.0), torch.arange(4)
    w = torch.tensor(1.0, requires_grad=True)
    for _ in range(3):
        target = torch.tensor(y, dtype=torch.float32)  # <- fault
        loss = (w * x - target).square().mean()
        loss.backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
        w.grad = None


def good_dtype() -> None:
    """``to`` converts a tensor."""
    x, y = torch.arange(4.0), torch.arange(4)
    w = torch.tensor(1.0, requires_grad=True)
    for _ in range(3):
        target = y.to(torch.float32)
        loss = (w * x - target).square().mean()
        loss.backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
        w.grad = None
