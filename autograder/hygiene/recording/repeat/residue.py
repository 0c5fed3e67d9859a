"""What a repeated step leaves behind, for the later steps of a window, which are watched at their passes only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch

from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.recording.notes.slot import Slot
from autograder.hygiene.recording.repeat.calls import Call, count_update, read_gradient, update
from autograder.hygiene.trace.events import Clear, Update


class Left(NamedTuple):
    """What a step left in ``.grad``."""

    kept: bool
    """The tensor that the pass left there."""
    moved: int
    """How far its version has moved; -1 if there is no gradient, 0 if it is another one."""


class Residue:
    """How far a step moves the versions of its leaves and of their gradients.

    Where the next step moves them as far, from the same instruction to the same instruction, leaving the same kind of
    gradient behind and building the same graph, its calls are taken to be those of the step before.
    """

    def __init__(self, slots: Sequence[Slot], leaves: Sequence[torch.Tensor], calls: Sequence[Call]) -> None:
        self._pairs = list(zip(slots, leaves))
        self._calls = [call for call in calls if call.slot is not None]
        self._size = len(calls)
        self._versions: list[int] = []
        self._moves: dict[Slot, int] = {}
        self._gradients: dict[Slot, Left] = {}
        self.known = False
        """A whole step has been seen, from one pass to the next."""
        self.passed()

    def passed(self) -> None:
        """A backward pass is over."""
        self._versions = [leaf._version for _, leaf in self._pairs]

    def learn(self) -> None:
        """The next pass begins: that is what the step in between has done."""
        self._moves, self._gradients = self._moved()
        self.known = True

    def made(self, notes: Notes) -> int | None:
        """How many of the step's calls have been made, by what is left; they are noted. None if that is something else.

        A step may have ended early: without the clears, say.
        """
        count = self._explained()
        for call in self._calls:
            slot = call.slot
            if count is None or slot is None or call.index >= count:
                break
            if call.act is update:
                count_update(notes, slot)
            elif call.act is read_gradient:
                slot.read = True
        return count

    def _explained(self) -> int | None:
        moves, gradients = self._moved()
        if (moves, gradients) == (self._moves, self._gradients):
            return self._size
        stop = self._size
        for call in self._calls:
            slot = call.slot
            assert slot is not None
            if isinstance(call.event, Update):
                whole, untouched = moves[slot] == self._moves[slot], not moves[slot]
            elif isinstance(call.event, Clear):
                whole, untouched = gradients[slot] == self._gradients[slot], gradients[slot] == Left(True, 0)
            else:
                continue
            if not (untouched if call.index > stop else whole or untouched):
                return None
            if not whole:
                stop = min(stop, call.index)
        changing = {call.slot for call in self._calls if isinstance(call.event, Update)}
        return stop if all(slot in changing or not move for slot, move in moves.items()) else None

    def _moved(self) -> tuple[dict[Slot, int], dict[Slot, Left]]:
        moves, gradients = {}, {}
        for (slot, leaf), before in zip(self._pairs, self._versions):
            moves[slot] = leaf._version - before
            gradients[slot] = _left(slot, leaf.grad)
        return moves, gradients


def _left(slot: Slot, gradient: torch.Tensor | None) -> Left:
    if gradient is None:
        return Left(False, -1)
    if slot.grad is not None and slot.grad() is gradient:
        return Left(True, gradient._version - slot.version)
    return Left(False, 0)
