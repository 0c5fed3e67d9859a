"""Learning the calls of a step, so that the next steps can be compared with it."""

from __future__ import annotations

from collections.abc import Sequence
from types import FrameType
from typing import Any
from weakref import ref

import torch

from autograder.hygiene import changing, leaving, tracing
from autograder.hygiene.events import SOME_GRADIENT, Clear, Update
from autograder.hygiene.flows import TENSORS
from autograder.hygiene.notes import Notes
from autograder.hygiene.repeated_calls import Call, assign_zeros, clear, read_gradient, switch, update, zero_in_place

_NUMBERS = frozenset({float, int, bool})
_PLAIN = frozenset(
    {
        tracing.ordinary,
        tracing.addition,
        tracing.difference,
        tracing.flattening,
        tracing.dropout,
        tracing.rewrap,
        tracing.as_tensor,
    }
)
"""What is done after calls that leave nothing behind once their flows are known."""


def learned(
    notes: Notes, func: Any, frame: FrameType, after: Any, args: Any, out: Any, emitted: Sequence[Any]
) -> Call | None:
    """What this call does, if it can be repeated in short: ``after`` noted it, and ``emitted`` these events."""
    call = Call(func, frame.f_code, frame.f_lasti)
    if after is None or (after in _PLAIN and not emitted):
        return call
    if after is changing.grad_read and not emitted:
        slot = notes.find(args[0])
        return call if slot is None else call.on(slot, read_gradient, notes.place_at(frame))
    if after is changing.grad_write and len(emitted) == 1 and isinstance(emitted[0], Clear) and len(args) > 1:
        slot = notes.find(args[0])
        if slot is not None:
            return call.on(slot, clear if args[1] is None else assign_zeros, emitted[0].place, emitted[0])
        return None
    if after is changing.inplace and args and type(args[0]) in TENSORS:
        return _inplace(notes, call, args[0], emitted)
    if after is leaving.leaving and not emitted:
        flow = notes.flows.of(args[0])
        return call if type(out) in _NUMBERS and (flow is None or flow.update is None) else None
    if after is leaving.detach and not emitted and notes.find(args[0]) is None:
        return call
    return None


def switched(notes: Notes, func: Any, frame: FrameType) -> Call:
    """A switch of grad mode."""
    call = Call(func, frame.f_code, frame.f_lasti)
    call.act, call.place = switch, notes.place_at(frame)
    return call


def _inplace(notes: Notes, call: Call, target: torch.Tensor, emitted: Sequence[Any]) -> Call | None:
    slot = notes.find(target)
    if not emitted:
        flow = notes.flows.of(target)
        if slot is not None or target.requires_grad or (flow is not None and flow.how == "memory"):
            return None
        if flow is not None and flow.gradients and flow.how != "gradient":
            call.target = ref(target)
            reads = {known.index: known.reads for known in notes.slots.values()}
            call.uses = _relative(notes, [[leaf, *read] for leaf, read in flow.gradients.items()], reads)
        return call
    if len(emitted) > 1:
        return None
    (event,) = emitted
    if isinstance(event, Clear):
        cleared = next((known for known in notes.slots.values() if known.index == event.leaf), None)
        if cleared is None or event.how != "zero_":
            return None
        return call.on(cleared, zero_in_place, event.place, event)
    if not isinstance(event, Update) or slot is None or event.how != "inplace":
        return None
    if (
        slot.reads < 1
        or event.gradient != SOME_GRADIENT
        or not event.kept
        or not (event.uses or event.read)
        or event.along is not None
    ):
        return None
    reads = {known.index: known.reads for known in notes.slots.values()}
    if not all(leaf in reads for leaf, _, _ in event.uses):
        return None
    reads[slot.index] -= 1  # the update has just counted as one
    call.on(slot, update, event.place, event)
    call.uses = _relative(notes, event.uses, reads)
    return call


def _relative(notes: Notes, uses: list[list[int]], reads: dict[int, int]) -> list[tuple[int, int, int]]:
    """Leaves, and how many passes and reads ago their gradients were made and read."""
    return [(leaf, notes.number - number, reads.get(leaf, 0) - read) for leaf, number, read in uses]
