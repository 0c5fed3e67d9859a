"""Checks for updates through ``.data``.

**Why is this bad?** Autograd cannot see a change through ``.data``: where the old value is still needed by a graph,
the gradients come out wrong without any error. It works in a plain loop, but not after the next change.

**Use instead:** ``with torch.no_grad(): w -= lr * w.grad``.

**Severity:** warning; the result is right as long as the update stands after ``backward()``.

**Missed alarms:** changes through ``.data`` that do not use a gradient (initialization, weight clipping) are fine.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch

from autograder.hygiene.facts.finding import Finding
from autograder.hygiene.facts.lines import by_line
from autograder.hygiene.trace.events import Update
from autograder.hygiene.trace.view import View
from autograder.hygiene.trace.wording import code, listed

SEVERITY = "W"


def check(trace: View) -> Iterable[Finding]:
    """One diagnostic per line."""
    through_data = (event for event in trace.of(Update) if event.how == "data" and event.uses and not event.library)
    for events in by_line(through_data):
        first = events[0]
        names = sorted({trace.name(event.leaf) for event in events})
        message = (
            f"{listed(names[:1])} is updated through `.data`, which autograd cannot see. Write the update as "
            f"`with torch.no_grad(): {code(names[0])} -= ...` instead."
        )
        leaves = [event.leaf for event in events]
        yield Finding(message, place=first.place, step=first.step, leaves=leaves)


def bad() -> None:
    """The update goes through ``.data``."""
    w = torch.tensor(1.0, requires_grad=True)
    for _ in range(3):
        loss = (w * 2.0 - 1.0) ** 2
        loss.backward()
        w.data -= 0.1 * w.grad  # <- fault
        w.grad = None


def good() -> None:
    """Reading ``.data``, or writing it before training, is no update."""
    w = torch.zeros((), requires_grad=True)
    w.data.fill_(1.0)
    for _ in range(3):
        loss = (w * 2.0 - 1.0) ** 2
        loss.backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
        w.grad = None


def bad_module() -> None:
    """The parameters of a module are changed through ``.data``."""
    model = torch.nn.Linear(2, 1)
    for _ in range(3):
        model.zero_grad()
        loss = model(torch.ones(4, 2)).square().mean()
        loss.backward()
        for p in model.parameters():
            p.data.add_(p.grad, alpha=-0.1)  # <- fault


def good_module() -> None:
    """The same under ``no_grad``."""
    model = torch.nn.Linear(2, 1)
    for _ in range(3):
        model.zero_grad()
        loss = model(torch.ones(4, 2)).square().mean()
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p.add_(p.grad, alpha=-0.1)
