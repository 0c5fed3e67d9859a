"""Whether graphs pile up: of how many earlier steps some are alive, and whether that grows for good."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from typing import Any

_KEY = "recorded"
_MOST = 64


class Mark:
    """Lives exactly as long as the graph nodes of one pass that carry it."""

    __slots__ = ("__weakref__", "step")

    def __init__(self, step: int) -> None:
        self.step = step


class Marks:
    """Marks the graphs of passes, and says which of them are still alive."""

    def __init__(self) -> None:
        self._marks: list[weakref.ref[Mark]] = []

    def put(self, step: int, nodes: Sequence[Any]) -> None:
        """Mark these nodes of a pass of this step."""
        if len(self._marks) < _MOST:
            mark = Mark(step)
            for node in nodes:
                node.metadata[_KEY] = mark
            self._marks.append(weakref.ref(mark))

    def earlier(self, step: int) -> int:
        """Of how many steps before this one some graph is alive."""
        if not self._marks:
            return 0
        self._marks = [mark for mark in self._marks if mark() is not None]
        steps = {mark.step for mark in (known() for known in self._marks) if mark is not None}
        return len(steps - {step})


class Growth:
    """Counts by how many steps a number has grown for good: what goes away again does not count.

    A list that gets a loss in every tenth step grows as surely as one that gets a loss in each.
    """

    def __init__(self) -> None:
        self._levels: list[int] = []
        """The numbers above zero that it reached one after the other and never fell below again."""

    def follow(self, amount: int) -> int:
        """How often the amount has grown, with this one."""
        levels = self._levels
        while levels and levels[-1] > amount:
            levels.pop()
        if amount and (not levels or levels[-1] < amount):
            levels.append(amount)
        return len(levels)
