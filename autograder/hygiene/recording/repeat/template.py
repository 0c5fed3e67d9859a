"""Learning the calls of a step, so that the next steps can be compared with it."""

from __future__ import annotations

from collections.abc import Sequence
from types import FrameType
from typing import Any
from weakref import ref

import torch

from autograder.hygiene.recording.effects import differences, dropouts, exits, following, gradients, inplace, rewraps
from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.recording.repeat.calls import (
    Call,
    assign_zeros,
    clear,
    read_gradient,
    switch,
    update,
    zero_in_place,
)
from autograder.hygiene.recording.repeat.hook_calls import Held, module_call, optimizer_calls
from autograder.hygiene.recording.sources.flows import TENSORS
from autograder.hygiene.trace.events import SOME_GRADIENT, Clear, Forward, OptimizerStep, Update

_MOST_CALLS = 2_000
_NUMBERS = frozenset({float, int, bool})
_PLAIN = frozenset(
    {
        following.ordinary,
        following.addition,
        differences.difference,
        following.flattening,
        dropouts.dropout,
        rewraps.rewrap,
        rewraps.as_tensor,
        exits.shown,
    }
)
"""What is done after calls that leave nothing behind once their flows are known."""


class Learning:
    """The calls of the running step, noted one by one."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.calls: list[Call] | None = None
        """None if the step is not learned, or cannot be repeated in short."""
        self._started = 0
        self._own = 0

    def begin(self) -> None:
        """Learn the step that begins now."""
        self.calls = []
        self._started, self._own = len(self.notes.events.noted), 0

    def learned(self) -> list[Call] | None:
        """The calls of the step that a backward pass has just ended, if all events but the pass came from them."""
        calls, self.calls = self.calls, None
        return calls if len(self.notes.events.noted) == self._started + self._own + 1 else None

    def spoil(self) -> None:
        """Something happened in this step that cannot be repeated in short."""
        self.calls = None

    def note(self, func: Any, frame: FrameType, after: Any, args: Any, out: Any, events: int) -> None:
        """A call of the running step, noted in full; ``events`` were there before it."""
        calls = self.calls
        if calls is None:
            return
        noted = self.notes.events.noted
        emitted = noted[events:] if len(noted) > events else ()
        call = _learned(self.notes, func, frame, after, args, out, emitted)
        if call is None or len(calls) >= _MOST_CALLS:
            self.calls = None
            return
        if call.event is not None and self.notes.files.number(frame.f_code.co_filename) < 0:
            student = self.notes.files.student_frame(frame)
            if student is not None:
                call.caller, call.caller_lasti = student.f_code, student.f_lasti
        calls.append(call)
        self._own += len(emitted)

    def note_switch(self, func: Any, frame: FrameType) -> None:
        """Grad mode was switched."""
        if self.calls is not None:
            call = Call(func, frame.f_code, frame.f_lasti)
            call.act, call.place = switch, self.notes.lines.at(frame)
            self.calls.append(call)

    def note_module(self, module: torch.nn.Module, event: Forward, frame: FrameType, sensitive: bool) -> None:
        """A module was called, which was noted as this event; if it is ``sensitive``, its mode matters."""
        if self.calls is not None:
            if sensitive:
                self.calls = None
            else:
                self.calls.append(module_call(module, event, frame))
                self._own += 1

    def note_optimizer(
        self, optimizer: Any, event: OptimizerStep, held: Held, updates: list[Any], frame: FrameType | None
    ) -> None:
        """An optimizer made a step, which was noted as this event and the updates after it."""
        if self.calls is not None and frame is not None:
            made = optimizer_calls(self.notes, optimizer, event, held, updates, frame)
            self.calls = None if made is None else self.calls + made
            self._own += 1 + len(updates)


def _learned(
    notes: Notes, func: Any, frame: FrameType, after: Any, args: Any, out: Any, emitted: Sequence[Any]
) -> Call | None:
    """What this call does, if it can be repeated in short: ``after`` noted it, and ``emitted`` these events."""
    call = Call(func, frame.f_code, frame.f_lasti)
    if after is None or (after in _PLAIN and not emitted):
        return call
    if after is gradients.grad_read and not emitted:
        slot = notes.leaves.find(args[0])
        return call if slot is None else call.on(slot, read_gradient, notes.lines.at(frame))
    if after is gradients.grad_write and len(emitted) == 1 and isinstance(emitted[0], Clear) and len(args) > 1:
        slot = notes.leaves.find(args[0])
        if slot is not None:
            return call.on(slot, clear if args[1] is None else assign_zeros, emitted[0].place, emitted[0])
        return None
    if after is inplace.inplace and args and type(args[0]) in TENSORS:
        return _inplace(notes, call, args[0], emitted)
    if after is exits.leaving and not emitted:
        flow = notes.flows.of(args[0])
        return call if type(out) in _NUMBERS and (flow is None or flow.update is None) else None
    if after is exits.detach and not emitted and notes.leaves.find(args[0]) is None:
        return call
    return None


def _inplace(notes: Notes, call: Call, target: torch.Tensor, emitted: Sequence[Any]) -> Call | None:
    slot = notes.leaves.find(target)
    if not emitted:
        flow = notes.flows.of(target)
        if slot is not None or target.requires_grad or (flow is not None and flow.how == "memory"):
            return None
        if flow is not None and flow.gradients and flow.how != "gradient":
            call.target = ref(target)
            reads = {known.index: known.reads for known in notes.leaves.slots.values()}
            call.uses = _relative(notes, [[leaf, *read] for leaf, read in flow.gradients.items()], reads)
        return call
    if len(emitted) > 1:
        return None
    (event,) = emitted
    if isinstance(event, Clear):
        cleared = next((known for known in notes.leaves.slots.values() if known.index == event.leaf), None)
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
    reads = {known.index: known.reads for known in notes.leaves.slots.values()}
    if not all(leaf in reads for leaf, _, _ in event.uses):
        return None
    reads[slot.index] -= 1  # the update has just counted as one
    call.on(slot, update, event.place, event)
    call.uses = _relative(notes, event.uses, reads)
    return call


def _relative(notes: Notes, uses: list[list[int]], reads: dict[int, int]) -> list[tuple[int, int, int]]:
    """Leaves, and how many passes and reads ago their gradients were made and read."""
    return [(leaf, notes.steps.passes - number, reads.get(leaf, 0) - read) for leaf, number, read in uses]
