"""The life of a gradient: accumulated, used by an update, cleared. Several rules read it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from autograder.hygiene.events import (
    SOME_GRADIENT,
    Backward,
    Clear,
    Gap,
    OptimizerStep,
    Place,
    Reached,
    Update,
    Value,
)

if TYPE_CHECKING:
    from autograder.hygiene.trace import Trace


@dataclass
class Life:
    """What is known about one leaf's gradient at a moment of the trace."""

    passes: int = 0
    """Backward passes since the last update that used the gradient."""
    backward: Backward | None = None
    reached: Reached | None = None
    update: Update | None = None
    """The last update that used this leaf's gradient, if no backward pass came since."""
    cleared: Clear | None = None


@dataclass(frozen=True)
class Leftover:
    """A backward pass that added to a gradient which an update had already used."""

    leaf: int
    backward: Backward
    reached: Reached
    previous: Backward | None
    update: Update


@dataclass
class Lives:
    """The lives of all leaves of a trace, up to the events read so far."""

    lives: dict[int, Life] = field(default_factory=dict)

    def of(self, leaf: int) -> Life:
        """The life of one leaf."""
        return self.lives.setdefault(leaf, Life())


def used(update: Update) -> bool:
    """Whether an update used the gradient of its own leaf."""
    if update.how == "optimizer":
        return update.gradient == SOME_GRADIENT
    if update.uses:
        return any(use[0] == update.leaf for use in update.uses)
    return update.read and update.gradient == SOME_GRADIENT


def leftovers(trace: Trace) -> tuple[list[Leftover], dict[int, list[int]]]:
    """Every leaf's first leftover, and for every backward pass the leaves that were cleared before it."""
    found: list[Leftover] = []
    cleared: dict[int, list[int]] = {}
    lives = Lives()
    known: set[int] = set()
    for event in trace.events:
        if isinstance(event, Gap):
            lives = Lives()
        elif isinstance(event, Update):
            if used(event):
                lives.of(event.leaf).update = event
        elif isinstance(event, Backward) and not event.functional:
            for reached in event.reached:
                life = lives.of(reached.leaf)
                if life.update is not None:
                    if reached.before == SOME_GRADIENT and reached.kept and not _changed(life.reached, reached):
                        if reached.leaf not in known:
                            known.add(reached.leaf)
                            found.append(Leftover(reached.leaf, event, reached, life.backward, life.update))
                    elif reached.before != SOME_GRADIENT:
                        cleared.setdefault(event.number, []).append(reached.leaf)
                life.update = None
                life.backward, life.reached = event, reached
    return found, cleared


def _changed(earlier: Reached | None, now: Reached) -> bool:
    """Whether the values of ``.grad`` moved although its version did not (a write through ``.data``)."""
    if earlier is None or earlier.gradient is None or now.previous is None:
        return False
    return False


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


def optimizer_of(trace: Trace) -> dict[int, int]:
    """Leaf to the optimizer that holds it."""
    return {leaf: event.optimizer for event in trace.of(OptimizerStep) for leaf in event.leaves}


def trained(trace: Trace) -> set[int]:
    """The leaves that the code updates, differentiates by reading ``.grad``, or gives to an optimizer."""
    leaves = {event.leaf for event in trace.of(Update) if event.uses or event.read}
    for step in trace.of(OptimizerStep):
        leaves.update(step.leaves)
    return leaves


def root(trace: Trace, leaf: int) -> int:
    """The first leaf of a chain of successors (functional updates make a new leaf every step)."""
    while (before := trace.leaves[leaf].successor_of) >= 0 and before < leaf:
        leaf = before
    return leaf


__all__ = ["Leftover", "Life", "Lives", "Place", "added", "leftovers", "optimizer_of", "root", "trained", "used"]
