"""Reads and writes of ``.grad``."""

from __future__ import annotations

import sys
from typing import Any

import torch

from autograder.hygiene.recording.effects.arguments import Arguments, Function, Options
from autograder.hygiene.recording.effects.behind import behind
from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.recording.notes.slot import Slot
from autograder.hygiene.recording.notes.steps import EARLY_STEPS
from autograder.hygiene.recording.sources.flows import Flow
from autograder.hygiene.recording.sources.successors import updated_leaf
from autograder.hygiene.recording.sources.values import state_of, value_of
from autograder.hygiene.recording.student.files import called_by_torch
from autograder.hygiene.recording.student.variables import name_of
from autograder.hygiene.trace.events import (
    SOME_GRADIENT,
    ZERO_GRADIENT,
    Assigned,
    Clear,
    LostLeaf,
    Place,
    Value,
)


def grad_read(notes: Notes, func: Function, args: Arguments, kwargs: Options, gradient: Any) -> None:
    """``tensor.grad``."""
    tensor = args[0]
    slot = notes.leaves.find(tensor)
    if slot is not None:
        if gradient is None:
            notes.leaves.miss(slot.index, notes.lines.running())
            return
        slot.read = True
        leaf = notes.leaves.table[slot.index]
        if not leaf.read and not called_by_torch():
            leaf.read = True
        flow = slot.flow
        if flow is None:
            flow = slot.flow = Flow({slot.index: (slot.backward, slot.reads)}, how="gradient")
        entry = notes.flows.known.get(id(gradient))
        if entry is None or entry[1] is not flow or entry[0]() is not gradient:
            notes.flows.put(gradient, flow)
    elif gradient is None:
        _no_gradient(notes, tensor)


def _no_gradient(notes: Notes, tensor: torch.Tensor) -> None:
    place = notes.lines.running()
    flow = notes.flows.of(tensor)
    if flow is not None and flow.update is not None:
        if not tensor.is_leaf or not tensor.requires_grad:
            leaf = updated_leaf(flow)
            notes.leaves.none_read = (leaf, place, flow.update)
            if leaf >= 0:
                _lost(notes, tensor, leaf, flow.update)
        return
    if tensor.is_leaf and tensor.requires_grad:
        notes.leaves.miss(notes.leaves.slot(tensor).index, place)
        return
    notes.leaves.none_read = (-1, place, None)
    born = notes.origins.of_tensor(tensor)
    leaves = sorted(behind(notes, tensor)) if born is not None else []
    if born is not None and leaves:
        notes.leaves.none_read = (leaves[0], place, born)
        _lost(notes, tensor, leaves[0], born)


def _lost(notes: Notes, tensor: torch.Tensor, leaf: int, place: Place, retained: bool = False) -> None:
    if not notes.events.often("lost", place, 1):
        name = name_of(tensor, notes.files.frames(sys._getframe(1)))
        name = name or notes.leaves.table[leaf].name
        notes.events.emit(LostLeaf(notes.steps.number, place, leaf, name, tensor.requires_grad, retained))


def retained(notes: Notes, func: Function, args: Arguments, kwargs: Options, out: Any) -> None:
    """``tensor.retain_grad()``: what an update has made gets a ``.grad`` though it is no leaf any more."""
    tensor = args[0]
    flow = notes.flows.of(tensor)
    if flow is not None and flow.update is not None and not tensor.is_leaf and not notes.graphs.higher_order:
        leaf = updated_leaf(flow)
        if leaf >= 0:
            _lost(notes, tensor, leaf, flow.update, True)
            notes.updates.rebinding.confirm(leaf, flow, value_of(tensor))


def before_grad_write(
    notes: Notes, func: Function, args: Arguments, kwargs: Options
) -> tuple[Slot, Value | None] | None:
    """Remember the gradient that is about to be replaced, if a backward pass has just put it there."""
    slot = notes.leaves.find(args[0])
    if slot is None:
        return None
    gradient = args[0].grad
    fresh = slot.kept(gradient) and slot.kept_state == SOME_GRADIENT and not notes.steps.updated
    replaced = fresh and len(args) > 1 and isinstance(args[1], torch.Tensor) and notes.steps.number <= EARLY_STEPS
    return slot, value_of(gradient) if replaced else None


def grad_write(
    notes: Notes, func: Function, args: Arguments, kwargs: Options, out: Any, state: tuple[Slot, Value | None] | None
) -> None:
    """``tensor.grad = …`` or ``del tensor.grad``."""
    if state is None:
        return
    slot, computed = state
    value = args[1] if len(args) > 1 else None
    if computed is not None and isinstance(value, torch.Tensor):
        flow = notes.flows.of(value)
        assigned = value_of(value)
        if assigned is not None and not notes.flows.forgetful and not (flow is not None and flow.gradients):
            notes.events.emit(Assigned(notes.steps.number, notes.lines.running(), slot.index, computed, assigned))
    if value is None:
        notes.events.emit(Clear(notes.steps.number, notes.lines.running(), slot.index, "None"))
    elif isinstance(value, torch.Tensor) and state_of(value) == ZERO_GRADIENT:
        notes.events.emit(Clear(notes.steps.number, notes.lines.running(), slot.index, "zeros"))
    slot.flow = None
