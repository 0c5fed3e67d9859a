"""Updates that no operation showed, made by numpy or by another thread."""

from __future__ import annotations

import torch

from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.recording.sources.values import state_of, value_of
from autograder.hygiene.trace.events import FULL_VALUES, SOME_GRADIENT, Place, Update


def note_unseen_updates(notes: Notes) -> None:
    """Note the updates that no operation showed: the values are not what they were."""
    for slot in notes.leaves.slots.values():
        if slot.last is None or slot.after != SOME_GRADIENT or not slot.read:
            continue
        tensor = slot.ref()
        if tensor is None or tensor.numel() > FULL_VALUES:
            continue
        value = value_of(tensor)
        if value is not None and value.numbers != slot.last.numbers and slot.last.numbers == slot.last.numbers:
            notes.events.emit(
                Update(
                    notes.steps.number, Place(), slot.index, "unseen", torch.is_grad_enabled(),
                    state_of(tensor.grad), [], True, value,
                )
            )  # fmt: skip
            slot.read = False
            slot.last = value
            slot.keep(tensor.grad, state_of(tensor.grad))
            notes.steps.updated = True
