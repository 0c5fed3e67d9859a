"""Checks for graphs that are retained and never used again.

**Why is this bad?** ``retain_graph=True`` and ``create_graph=True`` keep all saved values in memory. They are often
added to silence an error of another kind (see GH402), which is then still there.

**Use instead:** plain ``backward()``. Retain only where a second pass goes through the same forward pass, and create
a graph only where the gradient itself is differentiated.

**Severity:** warning; the result is right.

**Missed alarms:** a single call; a line that profits only sometimes.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch

from autograder.hygiene.facts.finding import Finding
from autograder.hygiene.facts.lines import by_line
from autograder.hygiene.trace.events import Backward
from autograder.hygiene.trace.view import View

SEVERITY = "W"


def check(trace: View) -> Iterable[Finding]:
    """Lines that retain at least twice and never profit."""
    used = {number for event in trace.of(Backward) for number in event.reused}
    for events in by_line(event for event in trace.of(Backward) if event.retain and not event.failed):
        if len(events) >= 2 and not any(event.number in used for event in events):
            what = "create_graph=True" if events[0].create else "retain_graph=True"
            message = (
                f"`{what}` keeps the graph of this pass, but nothing uses it again in {len(events)} steps. "
                "Leave it out."
            )
            yield Finding(message, place=events[0].place, step=events[0].step)


def bad() -> None:
    """Every step makes a new graph anyway."""
    w = torch.tensor(1.0, requires_grad=True)
    for _ in range(3):
        loss = (w * 2.0 - 1.0) ** 2
        loss.backward(retain_graph=True)  # <- fault
        with torch.no_grad():
            w -= 0.1 * w.grad
        w.grad = None


def good() -> None:
    """Two losses, one forward pass."""
    w = torch.tensor(1.0, requires_grad=True)
    for _ in range(3):
        hidden = w.exp()
        (hidden - 1.0).square().backward(retain_graph=True)
        (hidden + 1.0).square().backward()
        with torch.no_grad():
            w -= 0.01 * w.grad
        w.grad = None


def bad_gradient_with_graph() -> None:
    """The gradient gets a graph that nothing differentiates."""
    w = torch.tensor(2.0, requires_grad=True)
    for _ in range(3):
        (gradient,) = torch.autograd.grad(w**4, w, create_graph=True)  # <- fault
        with torch.no_grad():
            w -= 0.01 * gradient


def good_gradient_with_graph() -> None:
    """Newton's method differentiates the gradient."""
    w = torch.tensor(2.0, requires_grad=True)
    for _ in range(3):
        (gradient,) = torch.autograd.grad(w**4, w, create_graph=True)
        (curvature,) = torch.autograd.grad(gradient, w)
        with torch.no_grad():
            w -= gradient / curvature
