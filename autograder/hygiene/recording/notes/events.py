"""The growing list of events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograder.hygiene.trace.events import Event, Place

MOST_EVENTS = 50_000
PER_PLACE = 8


class Events:
    """The events so far, in the order in which they happened."""

    def __init__(self) -> None:
        self.noted: list[Any] = []
        """Events, and runs of repeated steps that stand for many."""
        self.held = 0
        """How many events those runs stand for."""
        self.flush: Callable[[], None] | None = None
        """Closes the run of repeated steps that is being noted."""
        self.closed = False
        """Nothing is noted now: the list is full, the window is over, or the recorder has failed."""
        self.truncated = False
        self.positions: dict[int, int] = {}
        """Identity of a Forward event to its place in the list."""
        self._counts: dict[tuple[str, int, int], int] = {}

    def emit(self, event: Event) -> int:
        """Add an event; its place in the list, or -1 if the trace is full."""
        if self.flush is not None:
            self.flush()
        if len(self.noted) + self.held >= MOST_EVENTS:
            self.truncate()
            return -1
        self.noted.append(event)
        return len(self.noted) - 1

    def truncate(self) -> None:
        """The trace is full: nothing more is noted."""
        self.truncated = True
        self.closed = True

    def often(self, kind: str, place: Place, most: int = PER_PLACE) -> bool:
        """Whether this kind of event was noted here often enough."""
        key = (kind, place.file, place.line)
        count = self._counts.get(key, 0) + 1
        self._counts[key] = count
        return count > most
