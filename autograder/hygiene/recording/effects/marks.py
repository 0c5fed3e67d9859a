"""Marks on the graphs of passes, which tell how many of them are still alive."""

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
