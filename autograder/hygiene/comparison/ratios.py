"""Simple relations between the numbers of two runs: a factor, a sign, a learning rate."""

from __future__ import annotations

import math
from collections.abc import Sequence

from autograder.hygiene.comparison.passes import Entry
from autograder.hygiene.comparison.tolerance import Tolerance

_PARALLEL = 1e-4
_UNIT = Tolerance(_PARALLEL)
"""For factors near one."""
_WHOLE = Tolerance(0.0, _PARALLEL)
"""For factors that may be a whole number."""
_OPPOSITE = Tolerance(1e-9, _PARALLEL)


def factor(got: Sequence[float], expected: Sequence[float]) -> str:
    """``3 times the``, ``the negative of the``, … or nothing if no simple factor relates them."""
    found = ratio(got, expected)
    if found is None or _UNIT.near(found, 1.0):
        return ""
    if _UNIT.near(found, -1.0):
        return "the negative of the"
    for inverse, words in ((found, "{} times the"), (1 / found, "one {} of the")):
        if not math.isfinite(inverse):
            continue  # the one vector is that much shorter
        whole = round(inverse)
        if abs(whole) >= 2 and _WHOLE.near(inverse, whole):
            if words.startswith("one"):
                return "half the" if whole == 2 else f"1/{whole} of the" if whole > 0 else f"−1/{-whole} of the"
            return words.format(str(whole).replace("-", "−"))
    return ""


def ratio(got: Sequence[float], expected: Sequence[float]) -> float | None:
    """The factor between two parallel vectors."""
    if not got or len(got) != len(expected) or not all(map(math.isfinite, (*got, *expected))):
        return None
    try:
        square = math.fsum(entry * entry for entry in expected)
        if square == 0 or not math.isfinite(square):
            return None
        factor = math.fsum(one * other for one, other in zip(got, expected, strict=True)) / square
        rest = math.fsum((one - factor * other) ** 2 for one, other in zip(got, expected, strict=True))
    except (OverflowError, ValueError):  # of a run that diverged: nothing simple relates such numbers
        return None
    return (
        factor
        if factor and math.isfinite(factor) and math.sqrt(rest) <= _PARALLEL * abs(factor) * math.sqrt(square)
        else None
    )


def rate(entry: Entry) -> float | None:
    """The factor of the gradient by which an update moved the parameter; 0 if it stayed."""
    if entry.after is None or entry.gradient is None or not entry.gradient.numbers or not any(entry.gradient.numbers):
        return None
    if len(entry.after.numbers) != len(entry.value.numbers) or len(entry.value.numbers) != len(entry.gradient.numbers):
        return None
    change = [after - before for after, before in zip(entry.after.numbers, entry.value.numbers, strict=True)]
    return ratio(change, entry.gradient.numbers) if any(change) else 0.0


def compared_rates(ours: float, theirs: float) -> str:
    """How one learning rate relates to the other, in words."""
    quotient = ours / theirs if theirs else math.inf
    if quotient < 0:
        return "the wrong way, and by another learning rate"
    whole = round(quotient) if math.isfinite(quotient) else 0
    if whole >= 2 and _WHOLE.near(quotient, whole):
        often = "twice" if whole == 2 else "several times"
        return f"{whole} times as far, so another learning rate, or the update is made {often}"
    return "another learning rate"


def opposite(ours: float, theirs: float) -> bool:
    """Whether one learning rate is the other with the wrong sign."""
    return _OPPOSITE.near(ours, -theirs)


def times(factor: float) -> str:
    """``−0.05 times``."""
    return f"{factor:.4g} times".replace("-", "−")
