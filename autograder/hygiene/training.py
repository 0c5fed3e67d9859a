"""Whether a recorded run trained anything: an update that moved a leaf along a gradient."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograder.hygiene.events import Backward
from autograder.hygiene.updates import moves
from autograder.hygiene.wording import norm

if TYPE_CHECKING:
    from autograder.hygiene.trace import Trace


def trained(trace: Trace) -> bool:
    """Whether at least one recorded update used a gradient and changed its leaf."""
    for move in moves(trace):
        after = move.update.value
        if after is not None and after.numbers:
            if after.numbers != move.before.numbers:
                return True
        elif move.update.along != 0 and norm(move.gradient) != 0:  # large tensors are recorded in short
            return True
    return False


def untrained(trace: Trace) -> str:
    """What was seen of a run that trained nothing, in a sentence."""
    passes = len(trace.of(Backward))
    if not passes:
        return "No training was seen: the recorded run has no backward pass."
    seen = "one backward pass" if passes == 1 else f"{passes} backward passes"
    return f"No training was seen: the recorded run has {seen}, but no update that moved a parameter by its gradient."
