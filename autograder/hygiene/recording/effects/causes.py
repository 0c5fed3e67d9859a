"""Why a backward pass has raised an error."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import torch

from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.recording.sources.successors import updated_leaf
from autograder.hygiene.trace.events import Place

_MODIFIED = re.compile(r"\[torch\.[\w.]+ \[([\d, ]*)\]\].*?expected version (\d+)", re.DOTALL)


def kind_of(error: RuntimeError) -> str:
    """Which of autograd's complaints this is (see :class:`Fault`)."""
    text = str(error)
    if "a second time" in text:
        return "freed-graph"
    if "modified by an inplace operation" in text:
        return "saved-modified"
    if "does not require grad" in text:
        return "no-graph"
    if "not have been used in the graph" in text:
        return "unused"
    return "other"


def cause_of(notes: Notes, outputs: Iterable[torch.Tensor], error: RuntimeError) -> tuple[Place | None, int]:
    """The line that is to blame for the error of a pass from these outputs, and the leaf that it has replaced."""
    cause, leaf = _rebinding(notes, outputs)
    if cause is None:
        cause = _culprit(notes.changes.latest, str(error))
    return cause, leaf


def _rebinding(notes: Notes, outputs: Iterable[torch.Tensor]) -> tuple[Place | None, int]:
    """Where an update made the tensor that the loss came from, if that is why it has no graph."""
    for output in outputs:
        flow = notes.flows.of(output)
        if flow is not None and flow.update is not None:
            return flow.update, updated_leaf(flow)
    return None, -1


def _culprit(changes: Sequence[tuple[list[int], int, Place]], text: str) -> Place | None:
    """The in-place change that autograd complains about, found by its shape and version."""
    match = _MODIFIED.search(text)
    if match is None:
        return None
    shape = [int(size) for size in match[1].split(",") if size.strip()]
    expected = int(match[2])
    candidates = [change for change in changes if change[0] == shape and change[1] > expected]
    if not candidates:
        # The saved tensor is a transposed view of the one that was changed.
        candidates = [change for change in changes if sorted(change[0]) == sorted(shape) and change[1] > expected]
    if not candidates:
        # A view was saved, of a tensor that was changed as a whole: they count versions together.
        candidates = [change for change in changes if change[1] > expected]
    exact = [change for change in candidates if change[1] == expected + 1]
    chosen = exact or candidates
    return chosen[-1][2] if chosen else None
