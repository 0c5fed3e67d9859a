"""Which parameter of one run is which of the other, whatever the student calls it and however it is stored."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import permutations

from autograder.hygiene.comparison.passes import Entry, joined
from autograder.hygiene.comparison.tolerance import Tolerance
from autograder.hygiene.trace.events import Value

_MOST_ORDERS = 6
"""Parameters of the same shape whose order is searched for by their first values: at most this many."""

Group = tuple[list[str], list[str]]
"""Names of parameters in the one and in the other run that hold the same numbers."""


def matched(ours: dict[str, Entry], theirs: dict[str, Entry], atol: float) -> list[Group]:
    """Groups of parameters that belong together, by what the first pass found; none if they cannot be matched.

    By name if the names agree; else one by one, by shape and first value; else all of them as one long vector.
    """
    if set(ours) == set(theirs) and all(ours[name].value.shape == theirs[name].value.shape for name in ours):
        return [([name], [name]) for name in sorted(ours)]
    close = Tolerance(atol, 1e-6)
    return _one_by_one(ours, theirs, close) or _as_one_vector(ours, theirs, close)


def _one_by_one(ours: dict[str, Entry], theirs: dict[str, Entry], close: Tolerance) -> list[Group]:
    if len(ours) != len(theirs):
        return []
    left = list(theirs)
    found: list[Group] = []
    for name, entry in ours.items():
        fitting = [other for other in left if theirs[other].value.shape == entry.value.shape]
        if not fitting:
            return []
        # First by the value that it starts from, then by gradient, then in order.
        exact = [other for other in fitting if close.all_near(entry.value.numbers, theirs[other].value.numbers)]
        same = [other for other in exact if _same_gradient(entry, theirs[other], close)]
        chosen = (same or exact or fitting)[0]
        left.remove(chosen)
        found.append(([name], [chosen]))
    return found


def _same_gradient(one: Entry, other: Entry, close: Tolerance) -> bool:
    if one.gradient is None or other.gradient is None:
        return False
    return close.all_near(one.gradient.numbers, other.gradient.numbers)


def _as_one_vector(ours: dict[str, Entry], theirs: dict[str, Entry], close: Tolerance) -> list[Group]:
    names, wanted = sorted(ours), sorted(theirs)
    ours_joined, theirs_joined = _values(ours, names), _values(theirs, wanted)
    if not names or ours_joined is None or theirs_joined is None:
        return []
    if math.prod(ours_joined.shape) != math.prod(theirs_joined.shape):
        return []
    orders = list(permutations(names)) if len(names) <= _MOST_ORDERS else [tuple(names), tuple(ours)]
    others = list(permutations(wanted)) if len(wanted) <= _MOST_ORDERS and len(names) < 2 else [tuple(wanted)]
    for order in orders:
        for other in others:
            got, expected = _values(ours, order), _values(theirs, other)
            if got is None or expected is None or not got.numbers or not expected.numbers:
                continue
            if close.all_near(got.numbers, expected.numbers):
                return [(list(order), list(other))]
    return [(names, wanted)]


def _values(entries: dict[str, Entry], names: Sequence[str]) -> Value | None:
    return joined([entries[name].value for name in names])
