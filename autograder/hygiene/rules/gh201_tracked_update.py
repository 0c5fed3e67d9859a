"""Checks for in-place updates of parameters while grad mode is on.

**Why is this bad?** Autograd would have to record the update as a part of the computation. On a leaf that requires
a gradient it refuses: ``RuntimeError: a leaf Variable that requires grad is being used in an in-place operation``.

**Use instead:** put the update into ``with torch.no_grad():``.

**Severity:** error.

**Missed alarms:** programs that catch the error themselves. Rebinding (``w = w - lr * w.grad``) is GH202.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch

from autograder.hygiene.facts.ending import fatal
from autograder.hygiene.facts.finding import Finding
from autograder.hygiene.trace.view import View
from autograder.hygiene.trace.wording import begun, named

SEVERITY = "E"


def check(trace: View) -> Iterable[Finding]:
    """The update that ended the run."""
    event = fatal(trace, "tracked-inplace")
    if event is None:
        return
    name = named(trace.name(event.leaf)) if event.leaf >= 0 else "a parameter"
    message = (
        f"{begun(name)} is changed in place while autograd is recording, so PyTorch stops with an error. "
        "An update is not part of the computation: put it into a `with torch.no_grad():` block."
    )
    yield Finding(message, place=event.place, step=event.step, leaves=[event.leaf])


def bad() -> None:
    """The update is recorded."""
    w = torch.tensor(1.0, requires_grad=True)
    for _ in range(3):
        loss = (w * 2.0 - 1.0) ** 2
        loss.backward()
        w -= 0.1 * w.grad  # <- fault
        w.grad = None


def good() -> None:
    """The update is not recorded."""
    w = torch.tensor(1.0, requires_grad=True)
    for _ in range(3):
        loss = (w * 2.0 - 1.0) ** 2
        loss.backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
        w.grad = None


def bad_function() -> None:
    """The update stands in a function of its own, which autograd records too."""
    w = torch.tensor(1.0, requires_grad=True)

    def update(rate: float) -> None:
        w.sub_(w.grad, alpha=rate)  # <- fault
        w.grad = None

    for _ in range(3):
        loss = (w * 2.0 - 1.0) ** 2
        loss.backward()
        update(0.1)


def good_function() -> None:
    """The decorator turns recording off in the whole function."""
    w = torch.tensor(1.0, requires_grad=True)

    @torch.no_grad()
    def update(rate: float) -> None:
        w.sub_(w.grad, alpha=rate)
        w.grad = None

    for _ in range(3):
        loss = (w * 2.0 - 1.0) ** 2
        loss.backward()
        update(0.1)
