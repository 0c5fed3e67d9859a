"""Checks for updates that use a gradient a second time.

**Why is this bad?** A gradient belongs to the parameters at which it was computed. After an update it is old: a
second update with it moves along a direction that no longer belongs to the loss.

**Use instead:** one ``backward()`` before every update.

**Severity:** error.

**Missed alarms:** a copy of the gradient that is kept and used again (momentum does this on purpose).
"""

from __future__ import annotations

from collections.abc import Iterable

import torch

from autograder.hygiene.facts.finding import Finding
from autograder.hygiene.facts.gradient_life import used
from autograder.hygiene.trace.events import SOME_GRADIENT, Backward, Gap, OptimizerStep, Update
from autograder.hygiene.trace.view import View
from autograder.hygiene.trace.wording import grads, listed

SEVERITY = "E"


def check(trace: View) -> Iterable[Finding]:
    """The first update that used a gradient again."""
    earlier: dict[int, Update] = {}
    steps: dict[int, OptimizerStep] = {}
    number = 0
    for event in trace.events:
        if isinstance(event, Gap):
            earlier.clear()
        elif isinstance(event, Backward):
            for reached in event.reached:
                earlier.pop(reached.leaf, None)
        elif isinstance(event, OptimizerStep):
            number = event.optimizer
            steps[number] = event
        elif isinstance(event, Update) and used(event) and event.gradient == SOME_GRADIENT:
            before = earlier.get(event.leaf)
            if before is not None and _again(before, event):
                name = trace.name(event.leaf)
                message = (
                    f"This update of {listed([name])} uses {grads([name])} a second time: the update"
                    f"{trace.at(before.place)} had used it already, and no `backward()` has given it a new one since. "
                    "Compute the loss and call `backward()` before every update."
                )
                yield Finding(message, place=event.place, step=event.step, leaves=[event.leaf])
                return
            earlier[event.leaf] = event


def _again(before: Update, now: Update) -> bool:
    if not now.kept:  # it was changed, or replaced, since
        return False
    if now.how == "optimizer" or before.how == "optimizer":
        return now.how == before.how
    mine = [use for use in now.uses if use[0] == now.leaf]
    other = [use for use in before.uses if use[0] == now.leaf]
    # Only a fresh read of the same pass counts: momentum buffers carry older reads along.
    return bool(mine and other) and max(mine)[1] == max(other)[1] and max(mine)[2] > max(other)[2]


def bad() -> None:
    """Two updates, one backward pass."""
    w = torch.tensor(1.0, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        loss = (w * 2.0 - 1.0) ** 2
        loss.backward()
        optimizer.step()
        optimizer.step()  # <- fault


def good() -> None:
    """Two backward passes with scaled losses, one update."""
    w = torch.tensor(1.0, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1)
    for _ in range(3):
        for target in (1.0, 2.0):
            loss = (w * 2.0 - target) ** 2 / 2
            loss.backward()
        optimizer.step()
        optimizer.zero_grad()


def bad_inner_loop() -> None:
    """The inner loop updates twice, but the gradient was computed before it."""
    w = torch.tensor(1.0, requires_grad=True)
    for _ in range(3):
        ((w * 2.0 - 1.0) ** 2).backward()
        for _ in range(2):
            with torch.no_grad():
                w -= 0.05 * w.grad  # <- fault
        w.grad = None


def good_inner_loop() -> None:
    """The gradient is computed in the inner loop."""
    w = torch.tensor(1.0, requires_grad=True)
    for _ in range(3):
        for _ in range(2):
            ((w * 2.0 - 1.0) ** 2).backward()
            with torch.no_grad():
                w -= 0.05 * w.grad
            w.grad = None
