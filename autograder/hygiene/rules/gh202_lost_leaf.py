"""Checks for updates that put a new tensor under the parameter's name.

**Why is this bad?** ``w = w - lr * w.grad`` does not change the parameter: it makes a new tensor and calls it ``w``.
That one is not a leaf that requires a gradient, so the next ``backward()`` leaves its ``.grad`` at ``None`` (the
crash comes one line later, where ``.grad`` is used), or fails because nothing requires a gradient any more.

**Use instead:** change the tensor itself, ``w -= lr * w.grad`` under ``torch.no_grad()``; or make the new tensor a
leaf again: ``w = (w - lr * w.grad).detach().requires_grad_()``.

**Severity:** error.

**Missed alarms:** new tensors that are made without a torch operation (through numpy).
"""

from __future__ import annotations

from collections.abc import Iterable

import torch

from autograder.hygiene.facts.finding import Finding
from autograder.hygiene.trace.events import Backward, Fault, LostLeaf, Place, Update
from autograder.hygiene.trace.view import View
from autograder.hygiene.trace.wording import code, named

SEVERITY = "E"
SUPERSEDES = ("GH101", "GH102", "GH103", "GH105", "GH205", "GH301", "GH404", "GH501")
_STEPS = 3


def check(trace: View) -> Iterable[Finding]:
    """The line of the rebinding, not of the crash."""
    for event in trace.of(LostLeaf):
        if trace.outcome is not None or _again_and_again(trace, event):
            yield _found(trace, event.place, event.step, event.leaf, event.name, event.retained)
            return
    if trace.outcome is None:
        return
    for fault in trace.of(Fault):
        if fault.kind in ("no-graph", "none-gradient") and fault.cause is not None and fault.leaf >= 0:
            yield _found(trace, fault.cause, fault.step, fault.leaf, trace.name(fault.leaf))
            return


def _again_and_again(trace: View, lost: LostLeaf) -> bool:
    """Whether this line has made step after step, each from the one before, and nobody differentiates through them."""
    steps = [event for event in trace.of(Update) if event.how == "rebind" and event.place == lost.place]
    return lost.retained and len(steps) >= _STEPS and not any(event.create for event in trace.of(Backward))


def _found(trace: View, place: Place, step: int, leaf: int, name: str, retained: bool = False) -> Finding:
    if retained:
        then = (
            "`retain_grad()` gives it a `.grad`, but every `backward()` now goes back through all earlier steps, and "
            "the graph grows with each of them"
        )
    else:
        then = "it gets no `.grad` at the next `backward()`"
    message = (
        f"After this line {named(name)} is a new tensor, not the parameter any more: {then}. Change the parameter "
        f"itself, in place, under `torch.no_grad()`: `{code(name)} -= ...`."
    )
    return Finding(message, place=place, step=step, leaves=[leaf])


def bad() -> None:
    """The name moves to another tensor."""
    w = torch.tensor(1.0, requires_grad=True)
    for _ in range(3):
        loss = (w * 2.0 - 1.0) ** 2
        loss.backward()
        with torch.no_grad():
            w = w - 0.1 * w.grad  # <- fault


def good() -> None:
    """The new tensor is made a leaf again."""
    w = torch.tensor(1.0, requires_grad=True)
    for _ in range(3):
        loss = (w * 2.0 - 1.0) ** 2
        loss.backward()
        w = (w - 0.1 * w.grad).detach().requires_grad_()


def bad_list() -> None:
    """The list holds new tensors after the first step."""
    parameters = [torch.tensor(1.0, requires_grad=True), torch.tensor(0.5, requires_grad=True)]
    for _ in range(3):
        loss = (parameters[0] * 2.0 + parameters[1]) ** 2
        loss.backward()
        with torch.no_grad():
            parameters = [p - 0.1 * p.grad for p in parameters]  # <- fault


def good_list() -> None:
    """The tensors of the list are changed in place."""
    parameters = [torch.tensor(1.0, requires_grad=True), torch.tensor(0.5, requires_grad=True)]
    for _ in range(3):
        loss = (parameters[0] * 2.0 + parameters[1]) ** 2
        loss.backward()
        with torch.no_grad():
            for p in parameters:
                p -= 0.1 * p.grad
                p.grad = None
