"""Differences of two tensors, perhaps of shapes (N, 1) and (N,)."""

from __future__ import annotations

from typing import Any

from autograder.hygiene.recording.effects.arguments import Arguments, Function, Options
from autograder.hygiene.recording.effects.following import ordinary
from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.recording.sources.flows import TENSORS
from autograder.hygiene.trace.events import Broadcast


def difference(notes: Notes, func: Function, args: Arguments, kwargs: Options, out: Any) -> None:
    """A difference of two tensors, perhaps of shapes (N, 1) and (N,)."""
    ordinary(notes, func, args, kwargs, out)
    if type(out) in TENSORS and out.grad_fn is not None:
        event = _broadcast(notes, func, args, kwargs)
        if event is not None:
            notes.graphs.await_visit(out.grad_fn, event)


def transformed_difference(notes: Notes, func: Function, args: Arguments, kwargs: Options, out: Any) -> None:
    """A difference inside of a function that torch.func differentiates: only its shapes can be looked at."""
    event = _broadcast(notes, func, args, kwargs)
    if event is not None:
        event.in_loss = True


def _broadcast(notes: Notes, func: Function, args: Arguments, kwargs: Options) -> Broadcast | None:
    tensors = [item for item in (*args, *kwargs.values()) if type(item) in TENSORS][:2]
    if len(tensors) != 2:
        return None
    row, column = sorted((tuple(item.shape) for item in tensors), key=len)
    if len(row) != 1 or row[0] < 2 or column != (row[0], 1):
        return None
    tracked = [item.requires_grad for item in tensors]
    if not any(tracked) or all(tracked):
        return None
    place = notes.lines.running()
    if notes.events.often("broadcast", place):
        return None
    prediction_column = tensors[tracked.index(True)].dim() == 2
    event = Broadcast(notes.steps.number, place, func.__name__, row[0], False, prediction_column)
    notes.events.emit(event)
    return event
