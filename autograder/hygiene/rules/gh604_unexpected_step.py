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
from typing import TYPE_CHECKING

import torch

from autograder.hygiene.reporting import finding
from autograder.hygiene.updates import moves
from autograder.hygiene.wording import number
from autograder.results import Diagnostic

if TYPE_CHECKING:
    from autograder.hygiene.trace import Trace

CODE = "GH604"
NAME = "unexpected-step"
SEVERITY = "E"
OPTIONS = {"learning_rate": 0.1}
_TOLERANCE = 1e-2


def check(trace: Trace) -> Iterable[Diagnostic]:
    """The first update that is not what was asked for."""
    rate = trace.learning_rate
    if rate is None:
        return
    for move in moves(trace):
        if move.factor is None:
            continue
        ratio = -move.factor / rate
        if move.parallel and abs(ratio - 1) <= _TOLERANCE + move.noise / rate:
            continue
        name = trace.name(move.update.leaf)
        if move.parallel:
            how = f"by {number(move.factor)} × gradient, {number(ratio)} times the step that was asked for"
        else:
            how = "in another direction than the gradient"
        message = (
            f"Plain gradient descent changes `{name}` by −{number(rate)} × gradient. This update changes it {how}. "
            "Look for an extra factor, or for momentum."
        )
        place, step = move.update.place, move.update.step
        yield finding(trace, __name__, message, place=place, step=step, leaves=[move.update.leaf])
        return


def bad() -> None:
    """The rate is used twice."""
    w = torch.tensor(1.0, requires_grad=True)
    for _ in range(3):
        loss = (w * 2.0 - 1.0) ** 2
        loss.backward()
        with torch.no_grad():
            w -= 0.1 * (0.1 * w.grad)
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
