"""What is checked of a trace when it arrives: that every number in it points to something."""

from __future__ import annotations

from autograder.errors import GraderError
from autograder.hygiene.trace.events import FORMAT, Backward, Event, TraceData, Update

_MOST_EVENTS = 60_000
_MOST_LEAVES = 25_000
_MOST_FILES = 1_000
_LONGEST_TEXT = 600


class TraceError(GraderError):
    """The data is not a trace: something other than the recorder wrote it, or it was changed on the way."""


def expect_sound(data: TraceData) -> None:
    """Raises TraceError where an event names a leaf, a file or a step that cannot be."""
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
