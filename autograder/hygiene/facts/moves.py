"""Updates as moves: from which value to which, along which gradient, by which factor."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from autograder.hygiene.facts.gradient_life import added, used
from autograder.hygiene.trace.events import SOME_GRADIENT, Backward, Gap, Reached, Update, Value
from autograder.hygiene.trace.wording import norm

if TYPE_CHECKING:
    from autograder.hygiene.trace.view import View

_PARALLEL = 0.9999
_LAST_BIT = 1.2e-7
_MOST_PASSES = 16


@dataclass(frozen=True)
class Move:
    """One update that used its leaf's gradient: change = factor × gradient, if they are parallel."""

    update: Update
    backward: Backward
    before: Value
    gradient: Value
    factor: float | None
    """None where it cannot be told (a zero gradient, a large tensor outside the first steps)."""
    parallel: bool
    noise: float = 0.0
    """How much of the factor may be rounding: the last bits of the values over the size of the gradient."""
    others: tuple[float, ...] = ()
    """The factors with respect to what else may have been meant by the gradient: the one of another pass that reached
    the leaf since its last update, or the mean of all that were added up."""
    again: Backward | None = None
    """A pass that went through the same loss as one before it and added its gradient once more."""


@dataclass
class _Pending:
    """What the passes since a leaf's last update have left for it."""

    value: Value
    passes: list[tuple[Backward, Value]] = field(default_factory=list)
    """Each pass with the gradient that was there after it, without what was added twice."""
    extra: list[float] | None = None
    """What passes through the same loss have added once more."""
    added: int = 0
    """How many passes (each loss once) have added to ``.grad`` since it was empty."""
    again: Backward | None = None


def moves(trace: View) -> Iterator[Move]:
    """Every update with the gradient that it used."""
    pending: dict[int, _Pending] = {}
    for event in trace.events:
        if isinstance(event, Gap):
            pending.clear()
        elif isinstance(event, Backward):
            for reached in event.reached:
                if reached.gradient is not None:
                    _pass(pending, event, reached, reached.gradient)
        elif isinstance(event, Update) and event.leaf in pending:
            known = pending[event.leaf]
            if used(event):
                yield _move(event, known)
            if event.value is not None:
                known.value = event.value
                if used(event):
                    known.passes = known.passes[-1:]
            else:
                del pending[event.leaf]


def _pass(pending: dict[int, _Pending], event: Backward, reached: Reached, gradient: Value) -> None:
    known = pending.get(reached.leaf)
    if known is None:
        known = pending[reached.leaf] = _Pending(reached.value)
    known.value = reached.value
    if event.functional:
        known.passes = [*known.passes, (event, gradient)][-_MOST_PASSES:]
        return
    fresh = added(reached)
    if reached.before != SOME_GRADIENT:
        known.extra, known.added, known.again = None, 0, None
    elif fresh is not None and _same_loss(event, known.passes):
        before = known.extra or [0.0] * len(fresh.numbers)
        known.extra = [one + other for one, other in zip(before, fresh.numbers)]
        known.added -= 1
        known.again = event
    known.added += 1
    if known.extra is not None and len(known.extra) == len(gradient.numbers):
        gradient = Value(gradient.shape, [one - other for one, other in zip(gradient.numbers, known.extra)])
    known.passes = [*known.passes, (event, gradient)][-_MOST_PASSES:]


def _same_loss(event: Backward, passes: list[tuple[Backward, Value]]) -> bool:
    """Whether the graph of this pass is that of one before it, from the same loss."""
    return any(
        other.retain
        and other.number in event.reused
        and (other.last_node, other.nodes) == (event.last_node, event.nodes)
        for other, _ in passes
        if not other.functional
    )


def _move(event: Update, known: _Pending) -> Move:
    """The update with the gradient that it used: that of the pass which flowed into it, else the last one."""
    numbers = {use[1] for use in event.uses if use[0] == event.leaf}
    order = sorted(known.passes, key=lambda entry: (entry[0].number in numbers, entry[0].number), reverse=True)
    backward, gradient = order[0]
    factor, parallel = _factor(event, known.value, gradient)
    others = []
    for _, other in order[1:]:
        value, along = _factor(event, known.value, other)
        if value is not None and along and event.value is not None:
            others.append(value)
    if factor is not None and parallel and known.added > 1:
        others += [factor * known.added]
    noise = _noise(known.value, gradient)
    return Move(event, backward, known.value, gradient, factor, parallel, noise, tuple(others), known.again)


def _factor(update: Update, before: Value, gradient: Value) -> tuple[float | None, bool]:
    if update.value is None or not update.value.numbers:
        if update.along is None or update.cosine is None:
            return None, True
        return update.along, abs(update.cosine) > _PARALLEL
    if len(before.numbers) != len(update.value.numbers) or len(gradient.numbers) != len(before.numbers):
        return None, True
    change = [after - start for after, start in zip(update.value.numbers, before.numbers)]
    if not all(map(math.isfinite, (*change, *gradient.numbers))):
        return None, True
    dot = math.fsum(one * other for one, other in zip(change, gradient.numbers))
    square = math.fsum(entry * entry for entry in gradient.numbers)
    length = math.fsum(entry * entry for entry in change)
    if square == 0 or length == 0 or not math.isfinite(square) or not math.isfinite(length):
        return None, True
    blur = 4 * _LAST_BIT * math.sqrt(math.fsum(start * start for start in before.numbers))
    parallel = abs(dot) >= _PARALLEL * math.sqrt(square) * math.sqrt(length) - blur * math.sqrt(square)
    return dot / square, parallel


def _noise(before: Value, gradient: Value) -> float:
    size, slope = norm(before), norm(gradient)
    if not slope or not math.isfinite(slope) or not math.isfinite(size):
        return math.inf
    return 4 * _LAST_BIT * size / slope
