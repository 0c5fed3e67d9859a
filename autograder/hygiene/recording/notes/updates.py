"""The updates of leaves: which gradients they use, how far they go, and where one step ends and the next begins."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import torch

from autograder.hygiene.recording.notes.changes import Changes
from autograder.hygiene.recording.notes.events import Events
from autograder.hygiene.recording.notes.slot import Slot
from autograder.hygiene.recording.notes.steps import Steps
from autograder.hygiene.recording.sources.flows import Flow
from autograder.hygiene.recording.sources.successors import Rebinding
from autograder.hygiene.recording.sources.values import direction, state_of, value_of
from autograder.hygiene.recording.student.divisions import divides
from autograder.hygiene.recording.student.files import Files
from autograder.hygiene.trace.events import FULL_VALUES, NO_GRADIENT, SOME_GRADIENT, Place, Update, Value

DIRECTIONS = 2
"""In how many steps the directions of large updates are measured: momentum shows in the second."""


class Updates:
    """Notes updates, in place and by a new tensor."""

    def __init__(self, files: Files, events: Events, steps: Steps, changes: Changes) -> None:
        self._files = files
        self._events = events
        self._steps = steps
        self._changes = changes
        self.rebinding = Rebinding(self._made_successor)

    def next_step(self) -> None:
        """The last step has ended with an update, another one begins."""
        self._steps.next()
        self.rebinding.proposed.clear()

    def before(self, slot: Slot, target: torch.Tensor) -> None:
        """Keep the old values of a large leaf for a moment, so that the direction can be measured."""
        tensor = slot.ref()
        tensor = target if tensor is None else tensor
        if self._steps.number <= DIRECTIONS and FULL_VALUES < tensor.numel() <= 1_000_000 and tensor.grad is not None:
            slot.shadow = tensor.detach().clone()

    def after(
        self, slot: Slot, tensor: torch.Tensor, place: Place, how: str, flows: Iterable[Flow], library: bool
    ) -> None:
        """Note that a leaf's values were changed, and from what."""
        uses: list[list[int]] = []
        steps = self._steps
        scaled = steps.passes - steps.used_at > 1 and divides(self._files.frames(sys._getframe(1)))
        for flow in flows:
            uses += [[leaf, *read] for leaf, read in flow.gradients.items()]
            scaled = scaled or flow.scaled
        self._note(slot, tensor, place, how, uses, scaled, library)

    def _note(
        self,
        slot: Slot,
        tensor: torch.Tensor,
        place: Place,
        how: str,
        uses: list[list[int]],
        scaled: bool,
        library: bool,
    ) -> None:
        """Note that a leaf's values were changed by these uses of gradients, and what its gradient was then."""
        steps = self._steps
        gradient = tensor.grad
        if gradient is None:
            kept, state = True, NO_GRADIENT
        else:
            kept = slot.kept(gradient)
            state = slot.kept_state if kept else state_of(gradient)
        along = cosine = None
        if slot.shadow is not None:
            if gradient is not None:
                along, cosine = direction(tensor.detach() - slot.shadow, gradient.detach())
            slot.shadow = None
        read = slot.read or (how == "optimizer" and state != NO_GRADIENT)
        slot.last = value = value_of(tensor) if tensor.numel() <= FULL_VALUES else None
        slot.version_of_last = version = tensor._version
        self._changes.latest.append((slot.shape, version, place))
        self._changes.touch(tensor, place)
        self._events.emit(
            Update(
                steps.number, place, slot.index, how, torch.is_grad_enabled(), state, uses, read, value, library,
                scaled, along, cosine, kept,
            )
        )  # fmt: skip
        if uses or read:
            steps.updated = slot.moved = True
            steps.used_at = steps.passes
            slot.reads += 1
            slot.flow = None
        slot.read = False
        slot.keep(gradient, state)

    def _made_successor(
        self, place: Place, leaf: int, uses: list[list[int]], value: Value | None, scaled: bool
    ) -> None:
        """Note that an update made a new tensor in the place of a leaf."""
        step = self._steps.number
        self._events.emit(Update(step, place, leaf, "rebind", False, SOME_GRADIENT, uses, True, value, False, scaled))
        self._steps.updated = True

    def finish(self) -> None:
        """The run is over: the update of its last step counts, too."""
        if not self._steps.updated:
            self.rebinding.finish(alone=not any(isinstance(event, Update) for event in self._events.noted))
