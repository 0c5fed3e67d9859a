"""The leaves: which tensors are parameters, what they are called, which one took another's place."""

from __future__ import annotations

import sys
from typing import Any

import torch

from autograder.hygiene.recording.notes.events import Events
from autograder.hygiene.recording.notes.slot import Slot
from autograder.hygiene.recording.notes.steps import Steps
from autograder.hygiene.recording.sources.flows import Flows
from autograder.hygiene.recording.sources.successors import Rebinding, updated_leaf
from autograder.hygiene.recording.sources.values import value_of
from autograder.hygiene.recording.student.files import Files, called_by_torch
from autograder.hygiene.recording.student.variables import is_passing, name_of
from autograder.hygiene.trace.events import Gap, Leaf, Place
from autograder.hygiene.trace.wording import is_known

MOST_LEAVES = 20_000


class Leaves:
    """The leaves of one recording."""

    def __init__(self, files: Files, events: Events, steps: Steps, flows: Flows, rebinding: Rebinding) -> None:
        self._files = files
        self._events = events
        self._steps = steps
        self._flows = flows
        self._rebinding = rebinding
        self.table: list[Leaf] = []
        """What the trace tells of each leaf, by its index."""
        self.slots: dict[int, Slot] = {}
        """The living leaves, by their identity."""
        self.none_read: tuple[int, Place, Place | None] | None = None
        """Where the program has looked last for a gradient that is not there: the leaf, the line, what made the leaf
        another tensor."""

    def find(self, tensor: Any) -> Slot | None:
        """The slot of this very tensor, or None."""
        slot = self.slots.get(id(tensor))
        if slot is not None and slot.ref() is tensor:
            return slot
        return None

    def slot(self, tensor: torch.Tensor) -> Slot:
        """The slot of this tensor, made when it is seen first."""
        slot = self.slots.get(id(tensor))
        if slot is not None and slot.ref() is tensor:
            return slot
        table, flows = self.table, self._flows
        if len(table) >= MOST_LEAVES:
            self._events.truncate()
        slot = Slot(len(table), tensor)
        flow = flows.of(tensor)
        if flow is None and self._rebinding.proposed and isinstance(tensor, torch.nn.Parameter):
            flow = self._rebinding.source_of(tensor)
        successor = -1 if flow is None else updated_leaf(flow)
        name = self._name(tensor)
        if name is None and successor >= 0:
            name = table[successor].name
        table.append(
            Leaf(
                name or f"parameter {len(table) + 1}",
                slot.shape,
                type(tensor) is not torch.Tensor and isinstance(tensor, torch.nn.Parameter),
                tensor.requires_grad,
                successor,
            )
        )
        self.slots[id(tensor)] = slot
        if len(self.slots) > 2 * 512 and len(table) % 256 == 0:
            self.slots = {key: known for key, known in self.slots.items() if known.ref() is not None}
        if flow is not None and successor >= 0:
            self._rebinding.confirm(successor, flow, value_of(tensor))
            flows.known.pop(id(tensor), None)
        return slot

    def name_again(self, slot: Slot, tensor: torch.Tensor) -> None:
        """A pass reaches this leaf for the first time. If it was met while its model was made, it has a name now."""
        leaf = self.table[slot.index]
        if not is_known(leaf.name) or is_passing(leaf.name):
            leaf.name = self._name(tensor) or leaf.name

    def _name(self, tensor: torch.Tensor) -> str | None:
        return name_of(tensor, self._files.frames(sys._getframe(1)))

    def reborn(self, tensor: torch.Tensor) -> None:
        """A tensor has become a leaf: if an update made it, that update counts from now on."""
        flow = self._flows.of(tensor)
        if flow is not None and flow.update is not None and tensor.is_leaf and tensor.requires_grad:
            self.slot(tensor)

    def lose_sight(self, step: int) -> None:
        """Nobody has watched what changed the leaves; from this step on somebody does again."""
        for slot in self.slots.values():
            slot.last = None
        self._events.emit(Gap(step))

    def miss(self, index: int, place: Place) -> None:
        """The program looks for the gradient of a leaf, and there is none."""
        self.none_read = (index, place, None)
        leaf = self.table[index]
        if self._steps.passes and not leaf.missed and not called_by_torch():
            leaf.missed = True
