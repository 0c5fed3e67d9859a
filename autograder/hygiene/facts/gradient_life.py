"""The life of a gradient: accumulated, used by an update, cleared. Several rules read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograder.hygiene.trace.events import (
    SOME_GRADIENT,
    Backward,
    Clear,
    Gap,
    OptimizerStep,
    Reached,
    Update,
    Value,
)

if TYPE_CHECKING:
    from autograder.hygiene.trace.view import View


@dataclass
class Life:
    """What is known about one leaf's gradient at a moment of the trace."""

    backward: Backward | None = None
    update: Update | None = None
    """The last update that used this leaf's gradient, if no backward pass came since."""


@dataclass(frozen=True)
class Leftover:
    """A backward pass that added to a gradient which an update had already used."""

    leaf: int
    backward: Backward
    reached: Reached
    previous: Backward | None
    update: Update


def used(update: Update) -> bool:
    """Whether an update used the gradient of its own leaf."""
    if update.how == "optimizer":
        return update.gradient == SOME_GRADIENT
    if update.uses:
        return any(use[0] == update.leaf for use in update.uses)
    return update.read and update.gradient == SOME_GRADIENT


def leftovers(trace: View) -> tuple[list[Leftover], dict[int, list[int]]]:
    """Every leaf's first leftover that an update used, and for every pass the leaves that were cleared before it."""
    found: list[Leftover] = []
    cleared: dict[int, list[int]] = {}
    lives: dict[int, Life] = {}
    suspects: dict[int, Leftover] = {}
    known: set[int] = set()
    for event in trace.events:
        if isinstance(event, Gap):
            lives, suspects = {}, {}
        elif isinstance(event, Clear):
            # Whatever was added before, it is gone: another backward pass went through this leaf by the way (as
            # that of a generator goes through the discriminator).
            suspects.pop(event.leaf, None)
        elif isinstance(event, Update):
            if used(event):
                lives.setdefault(event.leaf, Life()).update = event
                suspect = suspects.pop(event.leaf, None)
                if suspect is not None and event.leaf not in known:
                    known.add(event.leaf)
                    found.append(suspect)
        elif isinstance(event, Backward) and not event.functional:
            for reached in event.reached:
                life = lives.setdefault(reached.leaf, Life())
                if reached.before != SOME_GRADIENT:
                    suspects.pop(reached.leaf, None)
                    if life.update is not None and life.update.gradient == SOME_GRADIENT:
                        # There was something, and now there is not. (A gradient may also be exactly zero by itself.)
                        cleared.setdefault(event.number, []).append(reached.leaf)
                elif life.update is not None and reached.kept:
                    suspects[reached.leaf] = Leftover(reached.leaf, event, reached, life.backward, life.update)
                life.update = None
                life.backward = event
    return found, cleared


def added(reached: Reached) -> Value | None:
    """The gradient that this pass alone contributed, where the numbers are known."""
    if reached.gradient is None:
        return None
    if reached.previous is None:
        return reached.gradient
    if not reached.gradient.numbers or not reached.previous.numbers:
        return None
    fresh = [after - before for after, before in zip(reached.gradient.numbers, reached.previous.numbers)]
    return Value(list(reached.gradient.shape), fresh)


def fed(trace: View) -> set[int]:
    """The leaves that were updated by some gradient, wherever it came from.

    It may also be assigned, or be that of a copy: a new leaf for each step, from which the old one takes its update. A
    copy is not updated itself; what is, is another parameter, and its gradient is the wrong one.
    """
    updates = trace.of(Update)
    moving = {event.leaf for event in updates}
    leaves = {
        event.leaf
        for event in updates
        if (event.gradient == SOME_GRADIENT and used(event)) or any(use[0] not in moving for use in event.uses)
    }
    for step in trace.of(OptimizerStep):
        leaves.update(leaf for leaf, state in zip(step.leaves, step.gradients) if state == SOME_GRADIENT)
    return leaves


def trained(trace: View) -> set[int]:
    """The leaves that the code updates, differentiates by reading ``.grad``, or gives to an optimizer."""
    leaves = {event.leaf for event in trace.of(Update) if event.uses or event.read}
    for step in trace.of(OptimizerStep):
        leaves.update(step.leaves)
    return leaves
