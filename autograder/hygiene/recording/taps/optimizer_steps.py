"""Steps of optimizers, as torch's own hooks show them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, NamedTuple

from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.recording.repeat.calls import Call
from autograder.hygiene.recording.repeat.expected import Expected
from autograder.hygiene.recording.repeat.hook_calls import Held
from autograder.hygiene.recording.sources.flows import Flow
from autograder.hygiene.recording.sources.values import state_of
from autograder.hygiene.recording.taps.numbering import Numbers
from autograder.hygiene.trace.events import NO_GRADIENT, OptimizerStep

Traits = tuple[str, bool, bool, bool]
"""The kind of an optimizer, and whether it maximizes, is plain, has a state."""


class Running(NamedTuple):
    """A step that an optimizer is making: noted in full, or expected as one that repeats."""

    optimizer: Any
    event: OptimizerStep | None
    held: Held
    expected: Call | None


class OptimizerObserver:
    """Notes every ``optimizer.step()``; torch's own optimizers run unwatched, for their effect is known."""

    def __init__(self, notes: Notes, expected: Expected, mute: Callable[[], None], unmute: Callable[[], None]) -> None:
        self.notes = notes
        self.expected = expected
        self.mute = mute
        self.unmute = unmute
        self.known = Numbers()
        self.running: Running | None = None

    def before(self, optimizer: Any, args: Any, kwargs: Any) -> None:
        """Note which leaves the optimizer holds and what their gradients are."""
        self.running = None
        if not self.notes.events.closed:
            self.notes.errors.guarded(self._before, optimizer, args, kwargs)

    def after(self, optimizer: Any, args: Any, kwargs: Any) -> None:
        """Note the updates that the step made."""
        if self.running is not None and self.running.optimizer is optimizer:
            self.notes.errors.guarded(self._after, self.running)

    def _before(self, optimizer: Any, args: Any, kwargs: Any) -> None:
        notes, expected = self.notes, self.expected
        if notes.running.differentiating:
            expected.learning.spoil()
        self.mute()
        quiet = False
        try:
            held = [
                (notes.leaves.slot(tensor), tensor) for group in optimizer.param_groups for tensor in group["params"]
            ]
            library, traits = _traits(optimizer)
            frame = notes.files.student_frame(sys._getframe(2))
            call = None if frame is None else expected.optimizer_step(optimizer, traits, held, frame)
            if call is not None:
                quiet = True
                self.running = Running(optimizer, None, held, call)
                return
            expected.deviate()
            event = self._noted(optimizer, traits, held)
            closure = next((item for item in (*args, *kwargs.values()) if callable(item)), None)
            if library and closure is None:
                quiet = True
                self.running = Running(optimizer, event, held, None)
                for slot, tensor in held:
                    notes.updates.before(slot, tensor)
            else:
                expected.learning.spoil()
        finally:
            if not quiet:
                self.unmute()

    def _noted(self, optimizer: Any, traits: Traits, held: Held) -> OptimizerStep:
        notes = self.notes
        states = [
            slot.kept_state
            if tensor.grad is not None and slot.kept(tensor.grad) and slot.kept_state != NO_GRADIENT
            else state_of(tensor.grad)
            for slot, tensor in held
        ]
        kind, maximize, plain, stateful = traits
        event = OptimizerStep(
            notes.steps.number, notes.lines.running(), self.known.of(optimizer), kind, maximize,
            [slot.index for slot, _ in held], states, plain, stateful,
            notes.origins.of_optimizer(optimizer),
        )  # fmt: skip
        notes.events.emit(event)
        return event

    def _after(self, running: Running) -> None:
        notes = self.notes
        self.running = None
        try:
            if running.expected is not None:
                self.expected.stepped(running.expected)
                return
            event = running.event
            assert event is not None
            before = len(notes.events.noted)
            for slot, tensor in running.held:
                if tensor.grad is not None:
                    flow = Flow({slot.index: (slot.backward, slot.reads)}) if slot.backward >= 0 else None
                    notes.updates.after(slot, tensor, event.place, "optimizer", [flow] if flow else [], True)
            frame = notes.files.student_frame(sys._getframe(2))
            updates = notes.events.noted[before:]
            self.expected.learning.note_optimizer(running.optimizer, event, running.held, updates, frame)
        finally:
            self.unmute()


def _traits(optimizer: Any) -> tuple[bool, Traits]:
    """Whether this is one of torch's optimizers; its kind, and whether it maximizes, is plain, has a state."""
    groups = optimizer.param_groups
    kind = type(optimizer).__name__
    library = type(optimizer).__module__.startswith("torch.optim")
    stateful = not (kind == "SGD" and library and all(not group.get("momentum") for group in groups))
    plain = not stateful and all(not group.get("weight_decay") and not group.get("nesterov") for group in groups)
    maximize = any(bool(group.get("maximize")) for group in groups)
    return library, (kind, maximize, plain, stateful)
