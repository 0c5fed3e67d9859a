"""Gradients that ``torch.func`` makes: no backward pass and no ``.grad``, so the call itself is what is noted."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import torch
from torch.utils import _pytree

from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.recording.sources.flows import TENSORS, Flow
from autograder.hygiene.recording.sources.values import state_of_value, value_of
from autograder.hygiene.trace.events import NO_GRADIENT, SOME_GRADIENT, Backward, Reached, Value
from autograder.hygiene.trace.window import Window


class FunctionalGradients:
    """Notes what ``torch.func.grad`` and ``grad_and_value`` return as a backward pass."""

    def __init__(
        self,
        notes: Notes,
        quiet: Callable[[Callable[[], Any]], Any],
        window: Window,
        transforming: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._notes = notes
        self._window = window
        self._transforming = transforming
        """While it is entered, the watch knows that the tensors of the differentiated function are wrapped."""
        self._running = False
        self._quiet = quiet
        """Runs something with the watch off, or not at all if the watch is not on top."""

    def run(self, run: Callable[[], Any], argnums: Any, has_aux: bool, with_value: bool, args: Sequence[Any]) -> Any:
        """What the transformed function returns, noted if no other transformation made the call."""
        nested = self._running or torch._C._functorch.maybe_current_level() is not None
        if self._notes.events.closed or nested:
            return run()
        self._running = True
        try:
            with self._transforming():
                result = run()
        finally:
            self._running = False
        note = functools.partial(self._note, result, argnums, has_aux, with_value, args)
        self._quiet(lambda: self._notes.errors.guarded(note))
        return result

    def _note(self, result: Any, argnums: Any, has_aux: bool, with_value: bool, args: Sequence[Any]) -> None:
        gradients = result[0] if with_value or has_aux else result
        loss = result[1] if with_value else None
        if isinstance(loss, tuple):
            loss = loss[0]
        chosen = args[argnums] if isinstance(argnums, int) else tuple(args[index] for index in argnums)
        leaves, made = _pytree.tree_flatten(chosen)[0], _pytree.tree_flatten(gradients)[0]
        if len(leaves) != len(made) or not all(type(item) in TENSORS for item in (*leaves, *made)):
            return
        notes = self._notes
        slots = [notes.leaves.slot(leaf) for leaf in leaves]
        if notes.steps.updated:
            notes.updates.next_step()
            if not self._window.holds(notes.steps.number):
                notes.events.closed = True
                return
        notes.flows.prune()
        notes.steps.passes += 1
        value = value_of(loss) if isinstance(loss, torch.Tensor) and loss.numel() == 1 else None
        if value is not None:
            notes.losses.append(value.numbers[0])
        event = Backward(notes.steps.number, notes.lines.running(), notes.steps.passes, True, value, [], [], [])
        for slot, leaf, gradient in zip(slots, leaves, made):
            numbers = value_of(gradient)
            slot.reads += 1
            slot.backward = notes.steps.passes
            notes.flows.put(gradient, Flow({slot.index: (notes.steps.passes, slot.reads)}))
            event.reached.append(
                Reached(
                    slot.index, NO_GRADIENT, False, value_of(leaf) or Value([], []), None, numbers,
                    SOME_GRADIENT if numbers is None else state_of_value(numbers),
                )
            )  # fmt: skip
        notes.events.emit(event)
