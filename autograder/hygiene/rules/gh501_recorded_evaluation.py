"""Checks for forward passes that record a graph which nobody differentiates.

**Why is this bad?** Evaluation does not need a graph. Recording it costs time and memory, and if the results are kept,
the memory grows.

**Use instead:** ``with torch.no_grad():`` around evaluation.

**Severity:** warning; the numbers are right.

**Missed alarms:** evaluations without a module that happen only once in a run that also trains.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch

from autograder.hygiene.facts.finding import Finding
from autograder.hygiene.facts.lines import by_line
from autograder.hygiene.trace.events import Backward, Forward, Leave
from autograder.hygiene.trace.view import View

SEVERITY = "W"


def check(trace: View) -> Iterable[Finding]:
    """Module calls, then numbers that were computed by hand."""
    if trace.outcome is not None:
        return
    found = [
        calls[0]
        for calls in by_line(trace.of(Forward))
        if all(call.tracked and call.graph and not call.used and not call.feeds_loss for call in calls)
    ]
    for call in found:
        message = (
            f"This forward pass of `{call.name}` records a graph, but no backward pass ever uses it. "
            "Put evaluation into `with torch.no_grad():`."
        )
        yield Finding(message, place=call.place, step=call.step)
    if not trace.of(Forward):
        yield from _by_hand(trace)


def _by_hand(trace: View) -> Iterable[Finding]:
    trains = bool(trace.of(Backward))
    taken = (event for event in trace.of(Leave) if event.graph and event.op not in ("bool", "detach()", ".data"))
    for events in by_line(taken):
        if any(event.used for event in events):
            continue
        if len({event.step for event in events}) >= 2 or not trains:
            message = (
                "The value that is read here was computed with a graph, but no backward pass ever uses that graph. "
                "Compute it under `with torch.no_grad():`."
            )
            yield Finding(message, place=events[0].place, step=events[0].step)


def bad() -> None:
    """The error is computed with a graph."""
    model = torch.nn.Linear(2, 1)
    error = model(torch.ones(4, 2)).square().mean()  # <- fault
    print(error.item())


def good() -> None:
    """And without."""
    model = torch.nn.Linear(2, 1)
    with torch.no_grad():
        error = model(torch.ones(4, 2)).square().mean()
    print(error.item())


def bad_validation() -> None:
    """The validation after every step records a graph."""
    model = torch.nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        loss = model(torch.ones(4, 2)).square().mean()
        loss.backward()
        optimizer.step()
        print(model(torch.zeros(4, 2)).square().mean().item())  # <- fault


def good_validation() -> None:
    """Only the training step does."""
    model = torch.nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        loss = model(torch.ones(4, 2)).square().mean()
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            print(model(torch.zeros(4, 2)).square().mean().item())
