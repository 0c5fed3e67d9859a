"""Calls of modules and steps of optimizers in a repeated step: torch's hooks show them, not the function mode."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import FrameType
from typing import Any
from weakref import ref

import torch

from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.recording.notes.slot import Slot
from autograder.hygiene.recording.repeat.calls import Call, count_update
from autograder.hygiene.trace.events import NO_GRADIENT, Forward, OptimizerStep, Update

MODULE: Any = object()
"""Stands for a function, where an outermost module was called."""
OPTIMIZER: Any = object()
"""The same, where an optimizer began its step."""
UPDATED: Any = object()
"""The same, for each leaf that the step changed."""
Held = Sequence[tuple[Slot, torch.Tensor]]


def module_call(module: torch.nn.Module, event: Forward, frame: FrameType) -> Call:
    """The call of a module that was noted as this event."""
    call = Call(MODULE, frame.f_code, frame.f_lasti)
    call.target, call.place, call.event = ref(module), event.place, event
    return call


def same_module(call: Call, module: torch.nn.Module, output: torch.Tensor, frame: FrameType) -> bool:
    """Whether a call of a module is the expected one."""
    event = call.event
    if call.func is not MODULE or not isinstance(event, Forward) or call.target is None:
        return False
    return (
        call.target() is module
        and call.lasti == frame.f_lasti
        and call.code is frame.f_code
        and event.training == module.training
        and event.tracked == torch.is_grad_enabled()
        and event.graph == (output.grad_fn is not None)
    )


def optimizer_calls(
    notes: Notes, optimizer: Any, event: OptimizerStep, held: Held, updates: Iterable[Any], frame: FrameType
) -> list[Call] | None:
    """The step of an optimizer that was noted as these events, if it can be repeated in short."""
    call = Call(OPTIMIZER, frame.f_code, frame.f_lasti)
    call.target, call.place, call.event = ref(optimizer), event.place, event
    calls = [call]
    slots = {slot.index: slot for slot, _ in held}
    for update in updates:
        if not isinstance(update, Update) or not update.kept or not update.read or update.along is not None:
            return None
        if update.scaled:  # by what came before this step, such as a pass without an update: the next one is another
            return None
        slot = slots[update.leaf]
        call = Call(UPDATED, None, -1)
        call.slot, call.place, call.event = slot, update.place, update
        # Its uses are its own gradient, read once more than the slot says: the update has just counted as a read.
        call.uses = [(leaf, notes.steps.passes - number, slot.reads - 1 - read) for leaf, number, read in update.uses]
        calls.append(call)
    for (slot, tensor), state in zip(held, event.gradients):
        if not _as_left(slot, tensor, state, notes.steps.passes):
            return None
    return calls


def same_optimizer(call: Call, optimizer: Any, traits: tuple[Any, ...], held: Held, frame: FrameType) -> bool:
    """Whether the step of an optimizer that begins is the expected one; ``traits`` are the last fields of the event."""
    event = call.event
    if call.func is not OPTIMIZER or not isinstance(event, OptimizerStep) or call.target is None:
        return False
    if call.target() is not optimizer or call.lasti != frame.f_lasti or call.code is not frame.f_code:
        return False
    if traits != (event.kind, event.maximize, event.plain, event.stateful) or len(held) != len(event.leaves):
        return False
    return all(
        slot.index == leaf and (tensor.grad is None if state == NO_GRADIENT else slot.kept(tensor.grad))
        for (slot, tensor), leaf, state in zip(held, event.leaves, event.gradients)
    )


def repeat_updates(notes: Notes, call: Call) -> Call | None:
    """The expected step has been made; what is expected next."""
    following = call.next
    while following is not None and following.func is UPDATED:
        assert following.slot is not None
        count_update(notes, following.slot)
        following = following.next
    return following


def _as_left(slot: Slot, tensor: torch.Tensor, state: int, number: int) -> bool:
    """Whether a gradient was, at the step, what the latest backward pass had left."""
    if state == NO_GRADIENT:
        return slot.backward != number
    return slot.backward == number and slot.kept(tensor.grad)
