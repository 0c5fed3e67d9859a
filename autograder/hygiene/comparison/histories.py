"""Where the runs agree, but a history of losses that was returned does not."""

from __future__ import annotations

from typing import Any

from autograder.hygiene.comparison.divergence import Divergence
from autograder.hygiene.comparison.tolerance import Tolerance
from autograder.hygiene.trace.wording import number

_HEAD = "The training is right, but the history that you return is not: "


def in_returned(got: Any, expected: Any, tolerance: Tolerance) -> Divergence | None:
    """The first entry that differs in what the runs returned: perhaps it was recorded after the update."""
    for ours, theirs in zip(_histories(got), _histories(expected), strict=False):
        together = list(zip(ours, theirs, strict=False))
        wrong = next((index for index, pair in enumerate(together) if not tolerance.near(*pair)), None)
        if wrong is not None:
            return _other_entry(ours, theirs, wrong, tolerance)
        if len(ours) != len(theirs):
            return Divergence(
                step=len(together) + 1,
                got=len(ours),
                expected=len(theirs),
                sentence=f"{_HEAD}it has {len(ours)} entries, the reference's {len(theirs)}.",
                quantity="steps",
                safe=f"{_HEAD}it has {len(ours)} entries.",
            )
    return None


def _other_entry(ours: list[float], theirs: list[float], index: int, tolerance: Tolerance) -> Divergence:
    head = f"{_HEAD}entry {index} is {number(ours[index])}"
    safe, sentence = f"{head}.", f"{head}, the reference's {number(theirs[index])}."
    if _shifted(ours, theirs[1:], tolerance):
        sentence = safe = f"{_HEAD}every entry is the value after its step's update. Record it before the update."
    elif _shifted(ours[1:], theirs, tolerance):
        sentence = safe = f"{_HEAD}every entry is one step late."
    return Divergence(
        step=index + 1, got=ours[index], expected=theirs[index], sentence=sentence, quantity="loss", safe=safe
    )


def _shifted(ours: list[float], theirs: list[float], tolerance: Tolerance) -> bool:
    together = list(zip(ours, theirs, strict=False))
    return len(together) > 1 and all(tolerance.near(one, other) for one, other in together)


def _histories(value: Any) -> list[list[float]]:
    if isinstance(value, list) and value and all(isinstance(item, float) for item in value):
        return [value]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    return [history for item in inside for history in _histories(item)]
