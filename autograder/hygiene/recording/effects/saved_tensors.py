"""Tensors that a graph has saved, changed behind autograd's back before the backward pass."""

from __future__ import annotations

from typing import Any

import torch

from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.recording.sources.graph import Walk
from autograder.hygiene.trace.events import SavedChange


def note_saved_changes(notes: Notes, seen: Walk) -> None:
    """Note the writes through ``.data`` to tensors that the graph of this pass has saved."""
    writes = notes.changes.data_writes
    if not writes:
        return
    oldest = min(seen.numbers, default=1 << 62)
    for pointer, number, where, name in writes:
        if oldest >= number:
            continue
        for node in seen.nodes:
            if node._sequence_nr() < number and pointer in _saved_pointers(node):
                notes.events.emit(SavedChange(notes.steps.number, where, name, "data"))
                break
    writes.clear()


def _saved_pointers(node: Any) -> set[int]:
    pointers = set()
    for name in dir(node):
        if name.startswith("_raw_saved_"):
            try:
                saved = getattr(node, "_saved_" + name[len("_raw_saved_") :])
            except RuntimeError:
                continue
            for tensor in saved if isinstance(saved, tuple) else (saved,):
                if isinstance(tensor, torch.Tensor):
                    pointers.add(tensor.untyped_storage().data_ptr())
    return pointers
