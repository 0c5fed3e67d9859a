"""What was left out while steps repeated each other, made up for when one of them does not."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.recording.notes.slot import Slot
from autograder.hygiene.recording.repeat.calls import Call
from autograder.hygiene.recording.repeat.template import Template
from autograder.hygiene.recording.sources.flows import Flow
from autograder.hygiene.trace.events import Place, Update


def catch_up(notes: Notes, template: Template, made: int) -> None:
    """Note flows of gradients and changes of leaves; ``made`` calls of the running step have been made."""
    _restore_flows(notes, template, template.calls[:made])
    for slot in template.slots:
        tensor = slot.ref()
        if tensor is not None:
            notes.changes.latest.append((list(tensor.shape), tensor._version, _updated_at(template, slot)))
            if slot.read and tensor.grad is not None:
                slot.flow = Flow({slot.index: (slot.backward, slot.reads)}, how="gradient")
                notes.flows.put(tensor.grad, slot.flow)


def _restore_flows(notes: Notes, template: Template, made: Sequence[Call]) -> None:
    """The flows of tensors that live on, such as velocities, after these calls."""
    reads = {slot.index: slot.reads for slot in template.slots}
    for call in reversed(made):
        if isinstance(call.event, Update):
            reads[call.event.leaf] -= 1  # back to what it was before this call
        target = None if call.target is None or not call.uses else call.target()
        if target is not None and notes.flows.of(target) is None:
            gradients = {
                leaf: (notes.steps.passes - passes, reads[leaf] - ago)
                for leaf, passes, ago in call.uses
                if leaf in reads
            }
            notes.flows.put(target, Flow(gradients))


def _updated_at(template: Template, slot: Slot) -> Place:
    """Where this leaf is updated in the repeated step."""
    return next(
        (call.place for call in template.calls if call.slot is slot and isinstance(call.event, Update)), Place()
    )
