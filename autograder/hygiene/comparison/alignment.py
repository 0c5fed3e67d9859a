"""Two recorded runs side by side: which backward pass and which parameter of one belongs to which of the other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise, permutations
from typing import TYPE_CHECKING

from autograder.hygiene.facts.gradient_life import trained
from autograder.hygiene.trace.events import Backward, Gap, Place, Update, Value

if TYPE_CHECKING:
    from autograder.hygiene.trace.view import View

_MOST_ORDERS = 6
"""Parameters of the same shape whose order is searched for by their first values: at most this many."""


@dataclass
class Entry:
    """What one backward pass and the updates after it did to one parameter."""

    value: Value
    previous: Value | None
    gradient: Value | None
    after: Value | None = None
    updated: bool = False
    place: Place | None = None
    """Where the update was."""


@dataclass
class Pass:
    """One backward pass (of one step) with everything that it reached."""

    step: int
    place: Place
    loss: float | None
    roots: list[str]
    entries: dict[str, Entry] = field(default_factory=dict)


def root(trace: View, leaf: int) -> int:
    """The first leaf of a chain of successors (functional updates make a new leaf every step)."""
    while (before := trace.leaves[leaf].successor_of) >= 0 and before < leaf:
        leaf = before
    return leaf


def passes(trace: View) -> list[Pass]:
    """The backward passes of a run in order, up to the first gap of its recording window."""
    wanted = {root(trace, leaf) for leaf in trained(trace)}
    found: list[Pass] = []
    current: dict[int, Entry] = {}
    for event in trace.events:
        if isinstance(event, Gap):
            break
        if isinstance(event, Backward) and not event.failed:
            loss = event.loss.numbers[0] if event.loss is not None and event.loss.numbers else None
            found.append(Pass(event.step, event.place, loss, event.roots))
            for reached in event.reached:
                leaf = root(trace, reached.leaf)
                if wanted and leaf not in wanted:
                    continue
                entry = Entry(reached.value, reached.previous, reached.gradient)
                found[-1].entries[trace.name(leaf)] = current[leaf] = entry
        elif isinstance(event, Update):
            known = current.get(root(trace, event.leaf))
            if known is not None and (event.uses or event.read or known.updated):
                known.after, known.updated, known.place = event.value, True, event.place
    _fill(found)
    return found


def _fill(found: list[Pass]) -> None:
    """Values after an update that were not recorded there are the next pass's values before it."""
    for one, following in pairwise(found):
        for name, entry in one.entries.items():
            if name in following.entries and (entry.after is None or not entry.updated):
                entry.after = following.entries[name].value


def pairs(got: Sequence[Pass], expected: Sequence[Pass], close: float) -> list[tuple[list[str], list[str]]] | None:
    """Groups of parameter names that hold the same numbers in both runs, or None if they cannot be matched.

    By name if the names agree; else one by one, by shape and first value; else all of them as one long vector.
    """
    if not got or not expected:
        return None
    ours, theirs = got[0].entries, expected[0].entries
    if set(ours) == set(theirs) and all(ours[name].value.shape == theirs[name].value.shape for name in ours):
        return [([name], [name]) for name in sorted(ours)]
    one_by_one = _matched(ours, theirs, close)
    if one_by_one is not None:
        return one_by_one
    names, wanted = sorted(ours), sorted(theirs)
    if not names or _size(ours, names) is None or _size(ours, names) != _size(theirs, wanted):
        return None
    orders = list(permutations(names)) if len(names) <= _MOST_ORDERS else [tuple(names), tuple(ours)]
    others = list(permutations(wanted)) if len(wanted) <= _MOST_ORDERS and len(names) < 2 else [tuple(wanted)]
    for order in orders:
        for other in others:
            if _near(_numbers(ours, order), _numbers(theirs, other), close):
                return [(list(order), list(other))]
    return [(names, wanted)]


def _matched(
    ours: dict[str, Entry], theirs: dict[str, Entry], close: float
) -> list[tuple[list[str], list[str]]] | None:
    if len(ours) != len(theirs):
        return None
    left = list(theirs)
    found: list[tuple[list[str], list[str]]] = []
    for name, entry in ours.items():
        fitting = [other for other in left if theirs[other].value.shape == entry.value.shape]
        if not fitting:
            return None
        exact = [
            other for other in fitting if _near(entry.value.numbers, theirs[other].value.numbers, close)
        ]  # first by the value that it starts from, then by gradient, then in order
        same = [
            other
            for other in exact
            if entry.gradient is not None
            and theirs[other].gradient is not None
            and _near(entry.gradient.numbers, theirs[other].gradient.numbers, close)  # type: ignore[union-attr]
        ]
        chosen = (same or exact or fitting)[0]
        left.remove(chosen)
        found.append(([name], [chosen]))
    return found


def joined(values: Sequence[Value | None]) -> Value | None:
    """Several recorded values as one long vector; a single one as it is; None if one is not known in full."""
    if len(values) == 1:
        return values[0]
    if any(value is None or not value.numbers for value in values):
        return None
    numbers = [number for value in values if value is not None for number in value.numbers]
    return Value([len(numbers)], numbers)


def agree(got: Value, expected: Value, atol: float, rtol: float) -> bool:
    """Whether two recorded values are the same within tolerance (large ones: norm and sum)."""
    if got.numbers and expected.numbers:
        return len(got.numbers) == len(expected.numbers) and all(
            near(one, other, atol, rtol) for one, other in zip(got.numbers, expected.numbers, strict=True)
        )
    if got.shape != expected.shape:
        return math.prod(got.shape) == math.prod(expected.shape)
    count = math.sqrt(math.prod(got.shape))
    loose = atol * count + max(rtol, 1e-5) * expected.norm
    return near(got.norm, expected.norm, loose, 0.0) and near(got.checksum, expected.checksum, loose * count, 0.0)


def near(got: float, expected: float, atol: float, rtol: float = 0.0) -> bool:
    """Whether two numbers are the same within tolerance; NaN is NaN, an infinity is itself."""
    if not math.isfinite(expected) or not math.isfinite(got):
        return got == expected or (math.isnan(got) and math.isnan(expected))
    return abs(got - expected) <= atol + rtol * abs(expected)


def _near(got: Sequence[float] | None, expected: Sequence[float] | None, close: float) -> bool:
    if got is None or expected is None or len(got) != len(expected):
        return False
    return all(near(one, other, close, 1e-6) for one, other in zip(got, expected, strict=True))


def _numbers(entries: dict[str, Entry], names: Sequence[str]) -> list[float] | None:
    value = joined([entries[name].value for name in names])
    return value.numbers if value is not None and value.numbers else None


def _size(entries: dict[str, Entry], names: Sequence[str]) -> int | None:
    value = joined([entries[name].value for name in names])
    return None if value is None else math.prod(value.shape)
