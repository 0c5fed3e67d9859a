"""Updates as moves: from which value to which, along which gradient, by which factor."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograder.hygiene.automaton import used
from autograder.hygiene.events import Backward, Gap, Update, Value
from autograder.hygiene.wording import norm

if TYPE_CHECKING:
    from autograder.hygiene.trace import Trace

_PARALLEL = 0.9999
_LAST_BIT = 1.2e-7


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


def moves(trace: Trace) -> Iterator[Move]:
    """Every update with the gradient that it used."""
    last: dict[int, tuple[Backward, Value, Value]] = {}
    for event in trace.events:
        if isinstance(event, Gap):
            last.clear()
        elif isinstance(event, Backward):
            for reached in event.reached:
                if reached.gradient is not None:
                    last[reached.leaf] = (event, reached.value, reached.gradient)
        elif isinstance(event, Update) and event.leaf in last:
            backward, before, gradient = last[event.leaf]
            if used(event):
                factor, parallel = _factor(event, before, gradient)
                yield Move(event, backward, before, gradient, factor, parallel, _noise(before, gradient))
            if event.value is not None:
                last[event.leaf] = (backward, event.value, gradient)
            else:
                del last[event.leaf]


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
