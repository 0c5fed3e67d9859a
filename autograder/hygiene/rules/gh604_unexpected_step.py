"""Checks for updates that are not minus learning rate times gradient, where exactly this was asked for.

**Why is this bad?** A factor too many (a division by the batch size, the rate used twice, momentum) changes the
trajectory: results at a fixed number of steps are then wrong, even if the loss falls.

**Use instead:** ``w -= learning_rate * w.grad``, once per step.

**Severity:** error. It speaks only if the assignment says that plain gradient descent is asked for, and with which
rate.

**Missed alarms:** large parameters after the first steps of the recording.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch

from autograder.hygiene.facts.finding import Finding
from autograder.hygiene.facts.moves import moves
from autograder.hygiene.trace.view import View
from autograder.hygiene.trace.wording import named, number

SEVERITY = "E"
OPTIONS = {"learning_rate": 0.1}
_TOLERANCE = 1e-2


def check(trace: View) -> Iterable[Finding]:
    """The first update that is not what was asked for."""
    rate = trace.learning_rate
    if rate is None:
        return
    for move in moves(trace):
        if move.factor is None:
            continue
        ratio = -move.factor / rate
        ratios = [ratio] * move.parallel + [-other / rate for other in move.others]
        if any(abs(item - 1) <= _TOLERANCE + move.noise / rate for item in ratios):
            continue
        name = named(trace.name(move.update.leaf))
        if move.parallel:
            how = f"by {number(move.factor)} × gradient, {number(ratio)} times the step that was asked for"
        else:
            how = "in another direction than the gradient"
        advice = "Look for an extra factor, or for momentum."
        if move.again is not None:
            advice = f"`backward()`{trace.at(move.again.place)} has gone through the same loss a second time."
        message = (
            f"Plain gradient descent changes {name} by −{number(rate)} × gradient. This update changes it {how}. "
            f"{advice}"
        )
        place, step = move.update.place, move.update.step
        yield Finding(message, place=place, step=step, leaves=[move.update.leaf])
        return


def bad() -> None:
    """The rate is used twice."""
    w = torch.tensor(1.0, requires_grad=True)
    for _ in range(3):
        loss = (w * 2.0 - 1.0) ** 2
        loss.backward()
        with torch.no_grad():
            w -= 0.1 * (0.1 * w.grad)  # <- fault
        w.grad = None


def good() -> None:
    """Once."""
    w = torch.tensor(1.0, requires_grad=True)
    for _ in range(3):
        loss = (w * 2.0 - 1.0) ** 2
        loss.backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
        w.grad = None


def bad_momentum() -> None:
    """From the second step on momentum adds to the gradient."""
    w = torch.tensor(1.0, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1, momentum=0.9)
    for _ in range(3):
        optimizer.zero_grad()
        loss = (w * 2.0 - 1.0) ** 2
        loss.backward()
        optimizer.step()  # <- fault


def good_momentum() -> None:
    """Plain gradient descent."""
    w = torch.tensor(1.0, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        loss = (w * 2.0 - 1.0) ** 2
        loss.backward()
        optimizer.step()
