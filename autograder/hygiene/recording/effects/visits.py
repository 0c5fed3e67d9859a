"""Backward passes visit graphs: what that says of what was noted before."""

from __future__ import annotations

from collections.abc import Iterable

import torch

from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.recording.sources.graph import Walk
from autograder.hygiene.trace.events import Forward, Rewrap


def note_visit(notes: Notes, outputs: Iterable[torch.Tensor], seen: Walk) -> None:
    """Tell the events that waited for it that a backward pass from these outputs visits their graph."""
    notes.graphs.visit(seen.numbers)
    for output in outputs:
        flow = notes.flows.of(output)
        if flow is not None:
            for index in flow.forwards:
                waiting = notes.events.noted[index]
                if isinstance(waiting, Forward):
                    waiting.feeds_loss = True
                elif isinstance(waiting, Rewrap):
                    waiting.used = True
