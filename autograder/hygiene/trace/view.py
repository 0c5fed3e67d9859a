"""A recorded run as rules read it: plain data, and the words for its places."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TypeVar

from autograder.hygiene.trace.events import (
    Backward,
    Event,
    GlobalState,
    InputChange,
    Leaf,
    Outcome,
    Place,
    TraceData,
    Update,
)
from autograder.hygiene.trace.places import Places

Kind = TypeVar("Kind")


class View:
    """What one recorded run did, step by step."""

    def __init__(self, data: TraceData, places: Places | None = None) -> None:
        self._data = data
        self._places = places

    @property
    def losses(self) -> list[float]:
        """The loss of every backward pass (also of those outside the recording window)."""
        return list(self._data.losses)

    @property
    def passes(self) -> int:
        """How often autograd was asked for gradients; outside of the window, as far as the loss was seen."""
        return max(len(self.losses), len(self.of(Backward)))

    @property
    def tampered(self) -> tuple[str, ...]:
        """Reasons not to trust the trace; empty for an honest run."""
        return tuple(self._data.tampered)

    @property
    def truncated(self) -> bool:
        """Whether the recording ended early because the trace was full."""
        return self._data.truncated

    @cached_property
    def steps(self) -> int:
        """How many training steps were recorded (steps that ended with an update)."""
        return max((event.step for event in self.events if isinstance(event, Update)), default=0)

    @property
    def events(self) -> Sequence[Event]:
        """All events in order."""
        return self._data.events

    @property
    def leaves(self) -> Sequence[Leaf]:
        """The table of leaves that events refer to."""
        return self._data.leaves

    @property
    def files(self) -> Sequence[str]:
        """The student's files."""
        return self._data.files

    @property
    def start(self) -> GlobalState:
        """Torch's switches before the run."""
        return self._data.start

    @property
    def end(self) -> GlobalState:
        """Torch's switches after the run, before they were restored."""
        return self._data.end

    @property
    def input_changes(self) -> Sequence[InputChange]:
        """Arguments that the run changed."""
        return self._data.inputs

    @property
    def outcome(self) -> Outcome | None:
        """The exception that ended the run, if any."""
        return self._data.outcome

    @property
    def whole_program(self) -> bool:
        """Whether the run was a whole script, which may set global switches."""
        return self._data.whole_program

    @property
    def learning_rate(self) -> float | None:
        """The rate of the plain gradient descent that was asked for, if it was."""
        return self._data.learning_rate

    def of(self, kind: type[Kind]) -> list[Kind]:
        """The events of one kind."""
        return [event for event in self.events if isinstance(event, kind)]

    def name(self, leaf: int) -> str:
        """What the student calls this leaf."""
        return self.leaves[leaf].name

    def line(self, place: Place | None) -> int | None:
        """The line of a place, or None if it is nowhere in the student's files."""
        return None if place is None or place.file < 0 or place.line <= 0 else place.line

    def at(self, place: Place | None) -> str:
        """``on line 14``, or nothing if the place is unknown."""
        line = self.line(place)
        if line is None:
            return ""
        return f" on {self._places.describe(line)}" if self._places else f" on line {line}"

    def file(self, place: Place | None) -> str | None:
        """The file of a place."""
        return None if place is None or place.file < 0 else self.files[place.file]
