"""Whether a recorded run trained anything: an update that moved a leaf along a gradient."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograder.hygiene.facts.moves import Move, moves
from autograder.hygiene.trace.events import Backward, Update
from autograder.hygiene.trace.wording import norm

if TYPE_CHECKING:
    from autograder.hygiene.trace.view import View


def trained(trace: View) -> bool:
    """Whether at least one recorded update used a gradient and changed its leaf."""
    for move in moves(trace):
        after = move.update.value
        if after is not None and after.numbers:
            if after.numbers != move.before.numbers:
                return True
        elif after is None and move.update.how == "rebind" and _reached_again(trace, move):
            continue  # the new tensor was not made a leaf, and the passes went on reaching the old one
        elif move.update.along != 0 and norm(move.gradient) != 0:  # large tensors are recorded in short
            return True
    return False


def _reached_again(trace: View, move: Move) -> bool:
    """Whether a pass after the one whose gradient was used reached the same leaf, which so has not been replaced."""
    later = (event for event in trace.of(Backward) if event.number > move.backward.number)
    return any(reached.leaf == move.update.leaf for event in later for reached in event.reached)


def untrained(trace: View) -> str:
    """What was seen of a run that trained nothing, in a sentence."""
    passes = len(trace.of(Backward))
    if not passes:
        return "No training was seen: the recorded run has no backward pass."
    seen = "one backward pass" if passes == 1 else f"{passes} backward passes"
    said = f"No training was seen: the recorded run has {seen}, but no update that moved a parameter by its gradient."
    return f"{said}{_rebound(trace)}"


def _rebound(trace: View) -> str:
    """The line that puts the new value under another name, where one does so in every step."""
    found = [event for event in trace.of(Update) if event.how == "rebind" and event.value is None]
    if len({event.place.line for event in found}) != 1 or trace.line(found[0].place) is None:
        return ""
    return (
        f" What is computed{trace.at(found[0].place)} is a new tensor, and the parameter stays as it was: change the "
        "parameter itself, as `-=` and `copy_()` do."
    )
