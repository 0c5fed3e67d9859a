"""Operations that raise an error."""

from __future__ import annotations

from typing import Any

from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.trace.events import Fault, Place

_MOST_LETTERS = 300


def note_failure(notes: Notes, kind: str, op: str, error: BaseException, place: Place, **more: Any) -> None:
    """Note that an operation raised an error; ``more`` are fields of :class:`Fault`."""
    notes.events.emit(Fault(notes.steps.number, place, kind, op, str(error)[:_MOST_LETTERS], **more))
