"""Checks for in-place changes of values that ``backward()`` still needs.

**Why is this bad?** Autograd keeps the values that it needs for the gradient. If one is changed in place, PyTorch
stops with ``one of the variables needed for gradient computation has been modified by an inplace operation``; if it
is changed through ``.data``, PyTorch does not notice and computes a wrong gradient.

**Use instead:** make a new tensor (``y = y * 2``) instead of changing the old one (``y *= 2``), and update
parameters only after ``backward()``.

**Severity:** error.

**Missed alarms:** changes through numpy; programs that catch the error themselves.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch

from autograder.hygiene.facts.ending import fatal
from autograder.hygiene.facts.finding import Finding
from autograder.hygiene.trace.events import Place, SavedChange, Update
from autograder.hygiene.trace.view import View
from autograder.hygiene.trace.wording import named

SEVERITY = "E"
SUPERSEDES = ("GH203", "GH603", "GH302")


def check(trace: View) -> Iterable[Finding]:
    """Hidden changes, and the one that ended the run."""
    for change in trace.of(SavedChange):
        message = (
            "This line changes through `.data` a value that `backward()` still needs. PyTorch cannot notice it and "
            "the gradient is wrong. Make a new tensor instead, or change it after `backward()`."
        )
        yield Finding(message, place=change.place, step=change.step)
        return
    event = fatal(trace, "saved-modified")
    if event is None:
        return
    changed = event.cause is not None and trace.line(event.cause) is not None
    update = _update_at(trace, event.cause) if changed else None
    if update is not None:
        what = "`step()`" if update.how == "optimizer" else "The update"
        message = (
            f"{what} on this line changes {named(trace.name(update.leaf))} after the forward pass and before "
            f"`backward()`{trace.at(event.place)}, which still needs the old value. The order is: loss, "
            "`backward()`, then the update."
        )
        yield Finding(message, place=event.cause, step=event.step)
        return
    message = (
        f"{'This line changes' if changed else 'The forward pass changes'} in place a value that `backward()`"
        f"{trace.at(event.place) if changed else ''} still needs. Make a new tensor instead "
        "(`y = y * 2`, not `y *= 2`), or change it after `backward()`."
    )
    yield Finding(message, place=event.cause if changed else event.place, step=event.step)


def _update_at(trace: View, place: Place | None) -> Update | None:
    """The last update that this line made before the pass that failed."""
    return next((event for event in reversed(trace.of(Update)) if event.place == place), None)


def bad() -> None:
    """``y`` is needed for the gradient of the square."""
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    y = w.exp()
    y *= 2.0  # <- fault
    y.sum().backward()


def good() -> None:
    """A new tensor."""
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    y = w.exp()
    y = y * 2.0
    y.sum().backward()


def bad_optimizer() -> None:
    """``step`` changes the parameters that the second loss still needs."""
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        first, second = w[0] ** 2, w[1] ** 2
        first.backward()
        optimizer.step()  # <- fault
        second.backward()
        optimizer.step()


def good_optimizer() -> None:
    """One update after both passes."""
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        first, second = w[0] ** 2, w[1] ** 2
        first.backward()
        second.backward()
        optimizer.step()


def bad_data() -> None:
    """Through ``.data`` there is no error, only a wrong gradient."""
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    y = w.exp()
    y.data.clamp_(max=3.0)  # <- fault
    y.sum().backward()


def good_data() -> None:
    """A new tensor."""
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    y = w.exp()
    y = y.clamp(max=3.0)
    y.sum().backward()
