"""Checks for updates that climb a loss that should fall.

**Why is this bad?** The gradient points uphill. ``w += lr * w.grad`` (or a minus sign too many) makes the loss grow
from step to step.

**Use instead:** ``w -= lr * w.grad``. Where climbing is meant, ``torch.optim`` has ``maximize=True``.

**Severity:** error. It speaks only if every update of the run goes straight along +gradient, the loss is a squared
error, a cross entropy or the like that is never negative, and the loss rises.

**Missed alarms:** momentum and adaptive methods, single-step runs, losses that are not recognized.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import torch

from autograder.hygiene.facts.finding import Finding
from autograder.hygiene.facts.moves import moves
from autograder.hygiene.trace.events import Backward, OptimizerStep
from autograder.hygiene.trace.view import View
from autograder.hygiene.trace.wording import code, listed, number

SEVERITY = "E"
_LOSSES = ("Mse", "Pow", "L1Loss", "Abs", "BinaryCrossEntropy", "NllLoss", "SmoothL1", "Huber", "LogSigmoid", "Norm")
_STEPS = 2


def check(trace: View) -> Iterable[Finding]:
    """One diagnostic for the run."""
    if any(event.maximize for event in trace.of(OptimizerStep)):
        return
    found = [move for move in moves(trace) if move.factor is not None]
    if len({move.update.step for move in found}) < _STEPS:
        return
    if any(move.factor is None or move.factor <= 0 for move in found):
        return
    starts = {move.update.leaf: move for move in reversed(found) if trace.leaves[move.update.leaf].successor_of < 0}
    if not starts or not all(move.parallel for move in starts.values()):
        return
    passes = [event for event in trace.of(Backward) if event.loss is not None]
    losses = [event.loss.numbers[0] for event in passes if event.loss is not None]
    if len(losses) < 2 or not all(loss >= 0 or not math.isfinite(loss) for loss in losses):
        return
    named = [_around(event) for event in passes[:_STEPS] if event.roots]
    if not all(any(name.startswith(_LOSSES) for name in names) for names in named):
        return
    rising = losses[1] > losses[0] and not losses[-1] < losses[0]
    if not rising:
        return
    first = found[0]
    names = sorted({trace.name(move.update.leaf) for move in found})
    message = (
        f"The update moves {listed(names)} along +gradient, uphill: the loss rose from {number(losses[0])} to "
        f"{number(losses[1])}. To make it smaller, subtract: "
        f"`{code(names[0])} -= learning_rate * {code(names[0])}.grad`."
    )
    leaves = [move.update.leaf for move in found]
    yield Finding(message, place=first.update.place, step=first.update.step, leaves=leaves)


def _around(event: Backward) -> list[str]:
    names = list(event.roots)
    if names and names[0].startswith("Mul") and len(names) > 1 and names[1].startswith("Mul"):
        return names
    return names + (["Pow"] if names and names[0].startswith("Mean") and "MulBackward0" in names[1:2] else [])


def bad() -> None:
    """A plus where a minus belongs."""
    w = torch.tensor(1.0, requires_grad=True)
    for _ in range(3):
        loss = (w * 2.0 - 1.0) ** 2
        loss.backward()
        with torch.no_grad():
            w += 0.1 * w.grad  # <- fault
        w.grad = None


def good() -> None:
    """Climbing on purpose."""
    w = torch.tensor(1.0, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1, maximize=True)
    for _ in range(3):
        optimizer.zero_grad()
        reward = -((w * 2.0 - 1.0) ** 2)
        reward.backward()
        optimizer.step()


def bad_functional() -> None:
    """The next parameter lies uphill of this one."""
    w = torch.tensor(1.0, requires_grad=True)
    for _ in range(3):
        loss = (w * 2.0 - 1.0) ** 2
        (gradient,) = torch.autograd.grad(loss, w)
        w = (w + 0.1 * gradient).detach().requires_grad_()  # <- fault


def good_functional() -> None:
    """It lies downhill."""
    w = torch.tensor(1.0, requires_grad=True)
    for _ in range(3):
        loss = (w * 2.0 - 1.0) ** 2
        (gradient,) = torch.autograd.grad(loss, w)
        w = (w - 0.1 * gradient).detach().requires_grad_()
