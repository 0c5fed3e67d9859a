"""Graphs of earlier steps that are still alive, and what keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograder.hygiene.recording.effects.kept_graphs import holder_of_graphs
from autograder.hygiene.recording.effects.marks import Marks
from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.trace.events import Kept, Place
from autograder.hygiene.trace.growth import Growth

_MARKED_NODES = 8
_EARLY_STEPS = 24
_MANY_ALIVE = 4


class LivingGraphs:
    """Counts them at every pass; when they pile up, looks for the reason once."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._marks = Marks()
        self._growth = Growth()
        self._reported = False

    def marked(self) -> int:
        """How many nodes of this step's graphs are marked: predictions that are kept hold only a part of them."""
        return _MARKED_NODES if self._notes.steps.number <= _EARLY_STEPS else 1

    def before(self, nodes: Sequence[Any], place: Place) -> int:
        """Of how many earlier steps graphs are alive; then mark this one, which has these nodes, breadth first.

        Passes of the same step are no earlier ones: second derivatives and inner steps go through each other's graphs.
        """
        step = self._notes.steps.number
        alive = self._marks.earlier(step)
        if self._growth.follow(alive) >= _MANY_ALIVE and not self._reported:
            self._report(place)
        self._marks.put(step, nodes[: self.marked()])
        return alive

    def _report(self, place: Place) -> None:
        """Graphs pile up: find the container that holds them, or have the operation hunted that chains them."""
        notes = self._notes
        self._reported = True
        found = holder_of_graphs(notes)
        if found is not None:
            notes.events.emit(Kept(notes.steps.number, found[1], found[0], "container"))
        else:
            notes.graphs.hunting = True
