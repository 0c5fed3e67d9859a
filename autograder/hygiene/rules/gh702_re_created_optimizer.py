"""Checks for optimizers that are made anew at every step.

**Why is this bad?** Momentum and the moment estimates of Adam live in the optimizer. A new one starts from nothing:
momentum never builds up, and Adam makes a full step along the sign of the gradient, every time.

**Use instead:** make the optimizer once, before the loop.

**Severity:** warning; plain SGD has no state and is not reported.

**Missed alarms:** optimizers that are made anew less often than at every step.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch

from autograder.hygiene.facts.finding import Finding
from autograder.hygiene.facts.lines import by_line
from autograder.hygiene.trace.events import OptimizerStep
from autograder.hygiene.trace.view import View

SEVERITY = "W"


def check(trace: View) -> Iterable[Finding]:
    """Three steps in a row from the same line, over the same leaves, each by another optimizer."""
    for events in by_line(event for event in trace.of(OptimizerStep) if event.stateful):
        for first, second, third in zip(events, events[1:], events[2:]):
            same = first.leaves == second.leaves == third.leaves
            if same and len({event.optimizer for event in (first, second, third)}) == 3:
                message = (
                    f"Each of these steps is made by a new `{first.kind}`: what the last one had learned about the "
                    "gradients is thrown away. Make the optimizer once, before the loop."
                )
                place = first.made if trace.line(first.made) is not None else first.place
                yield Finding(message, place=place, step=first.step)
                return


def bad() -> None:
    """A new Adam at every step."""
    w = torch.tensor(1.0, requires_grad=True)
    for _ in range(4):
        optimizer = torch.optim.Adam([w], lr=0.1)  # <- fault
        loss = (w * 2.0 - 1.0) ** 2
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def good() -> None:
    """One Adam."""
    w = torch.tensor(1.0, requires_grad=True)
    optimizer = torch.optim.Adam([w], lr=0.1)
    for _ in range(4):
        loss = (w * 2.0 - 1.0) ** 2
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def bad_function() -> None:
    """The function that makes one step makes the optimizer, so momentum never builds up."""
    w = torch.tensor(1.0, requires_grad=True)

    def step() -> None:
        optimizer = torch.optim.SGD([w], lr=0.1, momentum=0.9)  # <- fault
        optimizer.zero_grad()
        ((w * 2.0 - 1.0) ** 2).backward()
        optimizer.step()

    for _ in range(4):
        step()


def good_function() -> None:
    """The function uses the optimizer that was made before it."""
    w = torch.tensor(1.0, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1, momentum=0.9)

    def step() -> None:
        optimizer.zero_grad()
        ((w * 2.0 - 1.0) ** 2).backward()
        optimizer.step()

    for _ in range(4):
        step()
