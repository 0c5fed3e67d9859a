"""Events by the line of the student's code: what a loop does at every step, it does on one line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from autograder.hygiene.trace.events import Place


class Placed(Protocol):
    """An event that happened somewhere."""

    place: Place


Kind = TypeVar("Kind", bound=Placed)


def by_line(events: Iterable[Kind]) -> list[list[Kind]]:
    """The events of every line, in the order in which the lines were first reached."""
    lines: dict[tuple[int, int], list[Kind]] = {}
    for event in events:
        lines.setdefault((event.place.file, event.place.line), []).append(event)
    return list(lines.values())
