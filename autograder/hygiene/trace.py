"""A recorded run as the judge sees it: plain data, checked on arrival, and what the rules say about it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, TypeVar

import msgspec

from autograder.errors import CheckFailure, GraderError
from autograder.hygiene.events import (
    FORMAT,
    Backward,
    Event,
    Gap,
    GlobalState,
    InputChange,
    Leaf,
    Outcome,
    Place,
    TraceData,
    Update,
    Value,
)
from autograder.hygiene.places import Places
from autograder.hygiene.wording import norm
from autograder.results import Diagnostic

_MOST_EVENTS = 60_000
_MOST_LEAVES = 25_000
_MOST_FILES = 1_000
_LONGEST_TEXT = 600

Kind = TypeVar("Kind")
Numbers = Any
"""A float for a scalar, nested lists of floats for a small tensor, None for a large one."""


class TraceError(GraderError):
    """The data is not a trace: something other than the recorder wrote it, or it was changed on the way."""


class Trace:
    """What one recorded run did, and the diagnostics of all rules over it."""

    def __init__(self, data: TraceData, places: Places | None = None) -> None:
        self._data = data
        self._places = places
        self.value: Any = None
        """What the traced function returned; set by whoever called it."""

    @classmethod
    def from_plain(cls, data: Any) -> Trace:
        """The trace in this plain data; raises TraceError when it is not one."""
        try:
            parsed = msgspec.convert(data, TraceData, strict=True)
        except (msgspec.ValidationError, RecursionError) as error:
            raise TraceError(f"The recorded trace is malformed: {error}.") from None
        _validate(parsed)
        return cls(parsed)

    @classmethod
    def from_bytes(cls, data: bytes, places: Places | None = None) -> Trace:
        """The same from msgpack, without making objects of what is no trace.

        ``places`` says where lines stand for a person, if the file is none that a person knows.
        """
        try:
            parsed = msgspec.msgpack.decode(data, type=TraceData, strict=True)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise TraceError(f"The recorded trace is malformed: {error}.") from None
        _validate(parsed)
        return cls(parsed, places)

    def plain(self) -> dict[str, Any]:
        """The plain data that this trace was made from."""
        data: dict[str, Any] = msgspec.to_builtins(self._data)
        return data

    # -- for authors of checks --------------------------------------------------------------------------------

    @property
    def losses(self) -> list[float]:
        """The loss of every backward pass (also of those outside the recording window)."""
        return list(self._data.losses)

    @cached_property
    def parameters(self) -> dict[str, list[Numbers]]:
        """Parameter name to its value at every step, before the update."""
        return {name: [_nested(value) for value, _ in steps] for name, steps in self._series.items()}

    @cached_property
    def gradients(self) -> dict[str, list[Numbers]]:
        """Parameter name to its ``.grad`` at every step, as the update found it."""
        return {
            name: [None if gradient is None else _nested(gradient) for _, gradient in steps]
            for name, steps in self._series.items()
        }

    @cached_property
    def gradient_norms(self) -> dict[str, list[float]]:
        """Parameter name to the norm of its gradient at every step."""
        return {
            name: [math.nan if gradient is None else norm(gradient) for _, gradient in steps]
            for name, steps in self._series.items()
        }

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

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What the rules say about the run: at most one diagnostic per cause, in a fixed order."""
        from autograder.hygiene.catalogue import diagnose

        return tuple(self._located(item) for item in diagnose(self))

    def expect_clean(self, ignore: Iterable[str] = (), severities: str = "EW", *, training: bool = True) -> None:
        """Fail the check if any rule speaks up, except those ignored, or if the run trained nothing.

        ``training=False`` is for runs that need no recorded training to be right: a measurement, a loop whose result
        shows that its gradients come from formulas or from ``torch.func``.
        """
        from autograder.hygiene.training import trained, untrained

        self.expect_trusted()
        ignored = frozenset(ignore)
        found = [item for item in self.diagnostics() if item.code not in ignored and item.severity in severities]
        if training and not trained(self):
            # A run without training has nothing to be clean, however little the findings in it would cost.
            said = untrained(self) if not found else f"{_explained(found)}\n{untrained(self)}"
            raise CheckFailure(said, diagnostics=found, forfeits=True)
        if found:
            raise CheckFailure(_explained(found), diagnostics=found)

    def expect(self, code: str) -> Diagnostic:
        """The diagnostic with this code; fails the check if the run does not show it."""
        self.expect_trusted()
        for item in self.diagnostics():
            if item.code == code:
                return item
        from autograder.hygiene.catalogue import rule

        raise CheckFailure(f"This run was expected to show {code} ({rule(code).name}), but it does not.")

    def expect_trusted(self) -> None:
        """Fail the check if the recorder was tampered with, or if the events contradict each other."""
        from autograder.hygiene.consistency import consistency_problems

        problems = [*self.tampered, *consistency_problems(self)]
        if problems:
            raise CheckFailure(
                "The recording of this run could not be trusted: " + "; ".join(problems) + ". A person will look at it."
            )

    # -- for rules ----------------------------------------------------------------------------------------------

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

    def _located(self, item: Diagnostic) -> Diagnostic:
        """The diagnostic with the place that a person knows."""
        if self._places is None or item.line is None:
            return item
        return msgspec.structs.replace(
            item,
            line=self._places.within(item.line),
            place=self._places.describe(item.line),
            source=self._places.text(item.file or "", item.line),
        )

    @cached_property
    def _series(self) -> dict[str, list[tuple[Value, Value | None]]]:
        last: dict[str, dict[int, tuple[Value, Value | None]]] = {}
        run = 0
        for event in self.events:
            if isinstance(event, Backward):
                for reached in event.reached:
                    last.setdefault(self.name(reached.leaf), {})[event.step] = (reached.value, reached.gradient)
            elif isinstance(event, Gap):
                run += 1
        return {name: [steps[step] for step in sorted(steps)] for name, steps in last.items()}


def _nested(value: Value) -> Numbers:
    if not value.shape:
        return value.numbers[0] if value.numbers else None
    if not value.numbers:
        return None
    flat: list[Any] = list(value.numbers)
    for size in reversed(value.shape[1:]):
        flat = [flat[start : start + size] for start in range(0, len(flat), size)]
    return flat


def _explained(found: Sequence[Diagnostic]) -> str:
    lines = []
    for item in found:
        source = f" (`{item.source}`)" if item.source and "`" not in item.source else ""
        place = f"{item.where[:1].upper()}{item.where[1:]}{source}: " if item.where else ""
        lines.append(f"{place}{item.message} ({item.code} {item.name})")
    return "\n".join(lines)


def _validate(data: TraceData) -> None:
    if data.format != FORMAT:
        raise TraceError(f"The recorded trace has format {data.format}, not {FORMAT}.")
    for what, count, most in (
        ("events", len(data.events), _MOST_EVENTS),
        ("leaves", len(data.leaves), _MOST_LEAVES),
        ("files", len(data.files), _MOST_FILES),
    ):
        if count > most:
            raise TraceError(f"The recorded trace has {count} {what}; at most {most} are possible.")
    leaves, files = len(data.leaves), len(data.files)
    step = 1
    number = 0
    for position, event in enumerate(data.events):
        where = f"Event {position} of the recorded trace"
        if event.step < step and isinstance(event, (Backward, Update)):
            raise TraceError(f"{where} goes back from step {step} to step {event.step}.")
        if isinstance(event, Backward):
            if event.number <= number:
                raise TraceError(f"{where} repeats backward pass {event.number}.")
            number = event.number
        step = max(step, event.step) if isinstance(event, (Backward, Update)) else step
        place = getattr(event, "place", None)
        if place is not None and not (-1 <= place.file < files and 0 <= place.line < 10_000_000):
            raise TraceError(f"{where} names a place that is not in its files.")
        for leaf in _leaves_of(event):
            if not -1 <= leaf < leaves:
                raise TraceError(f"{where} names leaf {leaf}, but there are {leaves}.")
    for leaf_entry in data.leaves:
        if len(leaf_entry.name) > _LONGEST_TEXT:
            raise TraceError("The recorded trace has a parameter name that is too long.")


def _leaves_of(event: Event) -> list[int]:
    if isinstance(event, Backward):
        cut = [leaf for entry in event.cuts for leaf in entry.leaves]
        return [reached.leaf for reached in event.reached] + cut
    leaf = getattr(event, "leaf", None)
    found = [] if leaf is None else [leaf]
    for entry in getattr(event, "cuts", ()):
        found += entry.leaves
    if isinstance(event, Update):
        found += [use[0] if use else -2 for use in event.uses]
        found += [-2 for use in event.uses if len(use) != 3]
    return found + list(getattr(event, "leaves", ()))
