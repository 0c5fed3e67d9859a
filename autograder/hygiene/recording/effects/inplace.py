"""Operations that change tensors in place, also through ``.data``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from autograder.hygiene.recording.effects.arguments import Arguments, Function, Options
from autograder.hygiene.recording.effects.chains import hunt
from autograder.hygiene.recording.effects.failures import note_failure
from autograder.hygiene.recording.effects.following import follow
from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.recording.notes.slot import Slot
from autograder.hygiene.recording.notes.steps import EARLY_STEPS
from autograder.hygiene.recording.sources.flows import TENSORS
from autograder.hygiene.recording.sources.values import state_of
from autograder.hygiene.recording.student.files import called_by_torch
from autograder.hygiene.trace.events import ZERO_GRADIENT, Clear

_ZEROING = frozenset({"zero_", "fill_", "mul_", "copy_", "_foreach_zero_", "__setitem__", "_foreach_mul_"})
_SCALING = frozenset({"mul_", "_foreach_mul_"})
_MOST_WRITES = 64
Owners = list[tuple[Any, "Slot | None", str]]
"""Target, the slot whose memory it is, and how (``inplace``, ``data`` or ``alias``)."""


def before_inplace(notes: Notes, func: Function, args: Arguments, kwargs: Options) -> Owners:
    """Whose memory is going to change."""
    target = args[0] if args else kwargs.get("input", kwargs.get("self"))
    targets = target if isinstance(target, (list, tuple)) else (target,)
    owners = [(item, *_owner(notes, item)) for item in targets]
    for item, slot, _ in owners:
        if slot is not None:
            notes.updates.before(slot, item)
    return owners


def inplace(notes: Notes, func: Function, args: Arguments, kwargs: Options, out: Any, owners: Owners) -> None:
    """An operation changed its first argument (or its first list of arguments)."""
    several = bool(args) and isinstance(args[0], (list, tuple))
    for position, (target, slot, how) in enumerate(owners):
        sources = (*args[1:], *kwargs.values())
        if several:
            sources = tuple(
                item[position] if isinstance(item, (list, tuple)) and len(item) == len(owners) else item
                for item in sources
            )
        if slot is not None:
            _changed(notes, slot, how, sources)
        elif type(target) in TENSORS and not target.is_inference():  # such a one is in no graph and counts no changes
            _note_input(notes, target)
            if target.requires_grad or notes.steps.number <= EARLY_STEPS:
                notes.changes.latest.append((list(target.shape), target._version, notes.lines.running()))
            if notes.graphs.hunting and target.requires_grad:
                hunt(notes, func, args, target)
            _touched(notes, func, target, sources)


def inplace_failed(notes: Notes, func: Function, args: Arguments, kwargs: Options, error: RuntimeError) -> None:
    """An in-place operation raised an error: perhaps a leaf was changed while grad mode was on."""
    if "leaf Variable that requires grad" not in str(error):
        return
    target = args[0] if args else None
    if isinstance(target, (list, tuple)):
        target = target[0] if target else None
    leaf = -1
    if isinstance(target, torch.Tensor):
        base = target._base if target._base is not None else target
        if base.is_leaf:
            leaf = notes.leaves.slot(base).index
    note_failure(notes, "tracked-inplace", func.__name__, error, notes.lines.running(), leaf=leaf)


def _owner(notes: Notes, target: Any) -> tuple[Slot | None, str]:
    slot = notes.leaves.find(target)
    if slot is not None:
        return slot, "inplace"
    flow = notes.flows.of(target)
    if flow is not None and flow.alias >= 0:
        for slot in notes.leaves.slots.values():
            if slot.index == flow.alias and slot.ref() is not None:
                return slot, flow.how
    return None, ""


def _changed(notes: Notes, slot: Slot, how: str, sources: Sequence[Any]) -> None:
    tensor = slot.ref()
    if tensor is None:
        return
    found = [flow for flow in map(notes.flows.of, sources) if flow is not None]
    notes.updates.after(slot, tensor, notes.lines.running(), how, found, called_by_torch())


def _touched(notes: Notes, func: Function, target: torch.Tensor, sources: Sequence[Any]) -> None:
    flow = notes.flows.of(target)
    if flow is not None and flow.how == "gradient":
        name = func.__name__
        if name in _SCALING and called_by_torch():
            return  # clipped, perhaps to nothing
        if name == "zero_" or (name in _ZEROING and state_of(target) == ZERO_GRADIENT):
            (leaf,) = flow.gradients
            notes.events.emit(Clear(notes.steps.number, notes.lines.running(), leaf, func.__name__))
        return
    if flow is not None and flow.how == "memory" and len(notes.changes.data_writes) < _MOST_WRITES:
        pointer = target.untyped_storage().data_ptr()
        notes.changes.data_writes.append((pointer, torch._C._autograd._get_sequence_nr(), notes.lines.running(), ""))
    if notes.flows.known:
        follow(notes, func, (target, *sources), {}, target)


def _note_input(notes: Notes, target: torch.Tensor) -> None:
    if notes.changes.arguments:
        for tensor in (target, target._base):
            if tensor is not None and id(tensor) in notes.changes.arguments:
                notes.changes.touched.setdefault(id(tensor), notes.lines.running())


def requires_grad(notes: Notes, func: Function, args: Arguments, kwargs: Options, out: Any) -> None:
    """``tensor.requires_grad_()``: perhaps the end of an update; an argument should stay as it is."""
    if type(args[0]) in TENSORS:
        notes.leaves.reborn(args[0])
        slot = notes.leaves.find(args[0])
        if slot is not None:
            notes.leaves.table[slot.index].requires_grad = args[0].requires_grad
        if notes.changes.arguments:
            _note_input(notes, args[0])


def before_data_write(notes: Notes, func: Function, args: Arguments, kwargs: Options) -> Slot | None:
    """The slot whose values ``tensor.data = …`` is going to replace, if they are replaced at all."""
    tensor, value = args
    slot = notes.leaves.find(tensor)
    flow = notes.flows.of(value)
    # ``w.data -= …`` first changes the memory, then assigns it to itself.
    if slot is None or (flow is not None and flow.alias == slot.index):
        return None
    notes.updates.before(slot, tensor)
    return slot


def data_write(notes: Notes, func: Function, args: Arguments, kwargs: Options, out: Any, slot: Slot | None) -> None:
    """``tensor.data = …``."""
    if slot is not None:
        _changed(notes, slot, "data", (args[1],))
