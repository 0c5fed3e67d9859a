"""Checks for graphs of past steps that stay alive.

**Why is this bad?** A loss with a graph keeps everything that it was computed from. A list of such losses, or a
running sum of them, grows with every step: memory fills up and, for a sum, the graph becomes ever deeper.

**Use instead:** keep numbers: ``losses.append(loss.item())``, ``total += loss.item()``; for tensors ``detach()``.

**Severity:** error.

**Missed alarms:** fewer than six steps; graphs that are never differentiated (GH501).
"""

from __future__ import annotations

from collections.abc import Iterable

import torch

from autograder.hygiene.facts.finding import Finding
from autograder.hygiene.trace.events import Backward, Gap, Kept, Place
from autograder.hygiene.trace.growth import Growth
from autograder.hygiene.trace.view import View

SEVERITY = "E"
_STEPS = 5


def check(trace: View) -> Iterable[Finding]:
    """The graphs of more and more earlier steps stay alive."""
    growth = Growth()
    for event in trace.events:
        if isinstance(event, Gap):
            growth = Growth()
        elif isinstance(event, Backward) and event.nodes and growth.follow(event.alive) >= _STEPS:
            yield _found(trace, event)
            return


def _found(trace: View, event: Backward) -> Finding:
    kept = next((item for item in trace.of(Kept)), None)
    place: Place = event.place
    holder = "Something keeps the losses of earlier steps with their graphs"
    advice = "Keep numbers (`loss.item()`) or detached tensors."
    if kept is not None and trace.line(kept.place) is not None:
        place = kept.place
        if kept.how == "container":
            holder = f"`{kept.name}` keeps tensors of earlier steps together with their graphs"
            advice = "Keep numbers (`loss.item()`), or `detach()` what you keep."
        elif kept.how == "update":
            holder = "This line makes a new parameter out of the old one together with its graph"
            advice = f"Cut it off: `{kept.name or 'p'} = (...).detach().requires_grad_()`."
        else:
            holder = "This line builds on the losses of earlier steps together with their graphs"
            advice = "Add numbers instead: `loss.item()`."
    message = f"{holder}: at step {event.step} the graphs of {event.alive} earlier steps are still alive. {advice}"
    return Finding(message, place=place, step=event.step)


def bad() -> None:
    """The list keeps graphs."""
    w = torch.tensor(1.0, requires_grad=True)
    losses = []
    for _ in range(9):
        loss = (w * 2.0 - 1.0) ** 2
        loss.backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
        w.grad = None
        losses.append(loss)  # <- fault


def good() -> None:
    """The list keeps numbers."""
    w = torch.tensor(1.0, requires_grad=True)
    losses = []
    for _ in range(9):
        loss = (w * 2.0 - 1.0) ** 2
        loss.backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
        w.grad = None
        losses.append(loss.item())


def bad_sum() -> None:
    """The sum of the losses is a tensor whose graph grows with every step."""
    w, total = torch.tensor(1.0, requires_grad=True), torch.zeros(())
    optimizer = torch.optim.SGD([w], lr=0.1)
    for _ in range(9):
        optimizer.zero_grad()
        loss = (w * 2.0 - 1.0) ** 2
        loss.backward()
        optimizer.step()
        total = total + loss  # <- fault


def good_sum() -> None:
    """What is added is a number."""
    w, total = torch.tensor(1.0, requires_grad=True), torch.zeros(())
    optimizer = torch.optim.SGD([w], lr=0.1)
    for _ in range(9):
        optimizer.zero_grad()
        loss = (w * 2.0 - 1.0) ** 2
        loss.backward()
        optimizer.step()
        total = total + loss.item()
