"""Errors of the recorder itself, which must not become errors of the student's program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograder.hygiene.recording.notes.events import Events


class Errors:
    """Ends the recording at the first error of its own."""

    def __init__(self, events: Events) -> None:
        self._events = events
        self.broken: str | None = None
        """What went wrong, in a sentence."""

    def break_off(self, error: Exception) -> None:
        """Stop recording because of this error."""
        self._events.closed = True
        if self.broken is None:
            self.broken = f"the recorder stopped after {type(error).__name__}: {error}"[:300]

    def guarded(self, run: Callable[..., Any], *args: Any) -> Any:
        """What ``run`` returns; or None, and the end of the recording, if it raises an error."""
        try:
            return run(*args)
        except Exception as error:  # noqa: BLE001
            self.break_off(error)
            return None
