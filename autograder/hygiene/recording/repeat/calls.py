"""Calls of a step that repeats the one before: whether they are the same again, and what must be known of them."""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType
from typing import Any
from weakref import ref

import torch

from autograder.hygiene.recording.effects import inplace
from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.recording.notes.slot import Slot
from autograder.hygiene.recording.sources.values import state_of
from autograder.hygiene.recording.student.lines import NOWHERE
from autograder.hygiene.trace.events import ZERO_GRADIENT, Clear, Forward, OptimizerStep, Place, Update

OTHER: Any = object()
"""What an act returns, without having called anything, if the call is not the expected one after all."""
Act = Callable[[Notes, "Call", Any, Any, Any], Any]


class Call:
    """One call of the repeated step: the function, the instruction that calls it, and what to do about it."""

    __slots__ = (
        "act", "caller", "caller_lasti", "code", "event", "func", "index", "lasti", "next", "number", "place", "slot",
        "target", "uses",
    )  # fmt: skip

    def __init__(self, func: Any, code: CodeType | None, lasti: int) -> None:
        self.func = func
        self.code = code
        self.lasti = lasti
        self.caller: CodeType | None = None
        """For a noted call that torch's own Python code makes: the student's code that has called that."""
        self.caller_lasti = -1
        self.act: Act | None = None
        self.slot: Slot | None = None
        self.place: Place = NOWHERE
        self.event: Clear | Update | Forward | OptimizerStep | None = None
        self.uses: list[tuple[int, int, int]] = []
        """Of an update: the leaves whose gradients it uses, and how many passes and reads ago those were."""
        self.target: ref[Any] | None = None
        """What the call changes, if gradients flow into it; or the module or the optimizer."""
        self.number = -1
        """The number of the graph node that the module made this time."""
        self.index = 0
        self.next: Call | None = None

    def on(self, slot: Slot, act: Act, place: Place, event: Clear | Update | None = None) -> Call:
        """This call, on that leaf."""
        self.slot, self.act, self.place, self.event = slot, act, place, event
        return self


def read_gradient(notes: Notes, call: Call, func: Any, args: Any, kwargs: Any) -> Any:
    """``tensor.grad``."""
    slot = call.slot
    if slot is None or slot.ref() is not args[0]:
        return OTHER
    gradient = func(*args)
    if gradient is None:
        notes.leaves.miss(slot.index, call.place)
    else:
        slot.read = True
    return gradient


def clear(notes: Notes, call: Call, func: Any, args: Any, kwargs: Any) -> Any:
    """``tensor.grad = None``."""
    slot = call.slot
    if slot is None or slot.ref() is not args[0] or args[1] is not None:
        return OTHER
    return func(*args)


def assign_zeros(notes: Notes, call: Call, func: Any, args: Any, kwargs: Any) -> Any:
    """``tensor.grad = torch.zeros_like(tensor)``."""
    slot = call.slot
    if slot is None or slot.ref() is not args[0] or args[1] is None or state_of(args[1]) != ZERO_GRADIENT:
        return OTHER
    return func(*args)


def zero_in_place(notes: Notes, call: Call, func: Any, args: Any, kwargs: Any) -> Any:
    """``tensor.grad.zero_()``."""
    slot = call.slot
    tensor = None if slot is None else slot.ref()
    if tensor is None or tensor.grad is not args[0]:
        return OTHER
    return func(*args)


def switch(notes: Notes, call: Call, func: Any, args: Any, kwargs: Any) -> Any:
    """Grad mode is switched."""
    out = func(*args)
    notes.running.grad_switch = None if args[0] else call.place
    return out


def update(notes: Notes, call: Call, func: Any, args: Any, kwargs: Any) -> Any:
    """A leaf is changed in place, by a gradient that is still the one of the backward pass."""
    slot = call.slot
    tensor: torch.Tensor = args[0]
    if slot is None or slot.ref() is not tensor:
        return OTHER
    gradient = tensor.grad
    if gradient is None or gradient._version != slot.version or slot.grad is None or slot.grad() is not gradient:
        return OTHER
    try:
        out = func(*args, **kwargs) if kwargs else func(*args)
    except RuntimeError as error:
        notes.errors.guarded(inplace.inplace_failed, notes, func, args, kwargs or {}, error)
        raise
    count_update(notes, slot)
    return out


def count_update(notes: Notes, slot: Slot) -> None:
    """A leaf was updated once more, by a gradient that is still the one of the backward pass."""
    notes.steps.updated = True
    notes.steps.used_at = notes.steps.passes
    slot.reads += 1
    slot.read = False
