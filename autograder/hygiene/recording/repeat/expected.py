"""The call that is expected next, while steps repeat each other: what taps ask about it, and what they tell."""

from __future__ import annotations

from collections.abc import Callable
from types import FrameType
from typing import Any

import torch

from autograder.hygiene.recording.effects.backward_passes import Backwards
from autograder.hygiene.recording.effects.visits import note_visit
from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.recording.repeat.attempts import Attempts
from autograder.hygiene.recording.repeat.calls import OTHER, Call
from autograder.hygiene.recording.repeat.hook_calls import Held, repeat_updates, same_module, same_optimizer
from autograder.hygiene.recording.repeat.learning import Learning
from autograder.hygiene.recording.repeat.repetition import Repetition
from autograder.hygiene.recording.repeat.rows import Begin
from autograder.hygiene.recording.sources import graph
from autograder.hygiene.trace.events import Backward


class Expected:
    """The next call of a step that repeats the one before.

    A tap that sees a call asks whether it is the expected one. If it is, the tap says ``go_on``; if not, ``deviate``,
    and notes the call in full. With nothing expected, calls are noted in full and learned.
    """

    __slots__ = ("_attempts", "_backwards", "_notes", "_repetition", "away", "call", "learning")

    def __init__(self, notes: Notes, backwards: Backwards) -> None:
        self._notes = notes
        self._backwards = backwards
        self._repetition: Repetition | None = None
        self.call: Call | None = None
        """None while steps do not repeat each other."""
        self.learning = Learning(notes)
        """The calls of a step that is noted in full."""
        self._attempts = Attempts(notes, backwards, self.learning)
        self.away = False
        """The watch is off until the next pass: what the step leaves behind will tell whether it was the expected."""

    # -- is it this one? -----------------------------------------------------------------------------------------

    def is_pass(self, frame: FrameType) -> bool:
        """Whether the expected call is the backward pass that this frame asks for."""
        call = self.call
        return call is not None and call.func is None and call.code is frame.f_code and call.lasti == frame.f_lasti

    def module_call(self, module: torch.nn.Module, output: torch.Tensor, frame: FrameType) -> Call | None:
        """The expected call, if it is this one of a module."""
        call = self.call
        return call if call is not None and same_module(call, module, output, frame) else None

    def optimizer_step(self, optimizer: Any, traits: tuple[Any, ...], held: Held, frame: FrameType) -> Call | None:
        """The expected call, if it is the step that this optimizer begins."""
        call = self.call
        return call if call is not None and same_optimizer(call, optimizer, traits, held, frame) else None

    # -- it was this one -----------------------------------------------------------------------------------------

    def go_on(self, call: Call) -> None:
        """The expected call was made."""
        self.call = call.next

    def stepped(self, call: Call) -> None:
        """The expected step of an optimizer was made, with all its updates."""
        self.call = repeat_updates(self._notes, call)

    def run_pass(self, original: Callable[..., Any], loss: torch.Tensor) -> Any:
        """Run and note the ``loss.backward()`` that ends a repeated step; OTHER, not run, if it is another one."""
        repetition, notes = self._repetition, self._notes
        assert repetition is not None
        result = self._run(repetition, original, loss)
        if result is OTHER:
            self.deviate()
            return OTHER
        self.call = repetition.template.call(0)
        if notes.graphs.hunting or notes.events.closed:
            self.deviate()
        else:
            self.away = repetition.known_by_residue
        return result

    def _run(self, repetition: Repetition, original: Callable[..., Any], loss: torch.Tensor) -> Any:
        notes, window = self._notes, self._backwards.window
        if notes.steps.updated and not window.holds(notes.steps.number + 1):
            if not window.final(notes.steps.number + 1):
                return OTHER
            notes.errors.guarded(self._close, loss)
            return original(loss)
        try:
            row = repetition.begin(loss)
        except Exception as error:  # noqa: BLE001 - ours, not the student's
            notes.errors.break_off(error)
            return OTHER
        if row is None:
            return OTHER
        notes.running.differentiating = True
        try:
            result = original(loss)
        except RuntimeError as error:
            notes.errors.guarded(self._failed, repetition, loss, row, error)
            raise
        finally:
            notes.running.differentiating = False
        try:
            repetition.passed(row)
            self._attempts.succeeded()
        except Exception as error:  # noqa: BLE001
            notes.errors.break_off(error)
        return result

    def _close(self, loss: torch.Tensor) -> None:
        """The window is over for good: note the end of its last step, and the loss of this one."""
        notes = self._notes
        self._flush()
        if notes.graphs.pending or notes.graphs.unused:
            note_visit(notes, (loss,), graph.walk([loss.grad_fn]))
        notes.updates.next_step()
        notes.events.closed = True
        if loss.numel() == 1:
            notes.losses.append(loss.item())

    def _failed(self, repetition: Repetition, loss: torch.Tensor, row: Begin, error: RuntimeError) -> None:
        asked, begun = repetition.failed(loss, row)
        self.deviate()
        self._backwards.failed(asked, begun, error)

    # -- it was another one ----------------------------------------------------------------------------------------

    def deviate(self) -> None:
        """The running step is not like the one before: everything is looked at again."""
        if self.call is not None:
            self._notes.errors.guarded(self._end)
            self.call = self._repetition = None

    def _end(self) -> None:
        repetition, call = self._repetition, self.call
        assert repetition is not None and call is not None
        repetition.close(call.index)
        self._notes.events.flush = None
        self.learning.spoil()
        repetition.end(call.index)

    def come_back(self) -> None:
        """The watch is on again. If the step is not the expected one, nobody knows what has happened in it."""
        self.away = False
        notes = self._notes
        if self._repetition is not None:
            settled = notes.errors.guarded(self._repetition.settled)
            if settled is not None:
                self.call = settled
                return
        self.deviate()
        notes.steps.updated = True
        notes.leaves.lose_sight(notes.steps.number + 1)

    # -- a pass was noted in full ----------------------------------------------------------------------------------

    def passed(self, event: Backward, seen: graph.Walk, root: int, frame: FrameType) -> None:
        """A backward pass was noted in full: if the step before it can be repeated, its first call is expected."""
        template = self._attempts.template(event, seen, root, frame)
        if template is not None:
            self._repetition = Repetition(self._notes, self._backwards, template)
            self._notes.events.flush = self._flush
            self.call = template.call(0)

    def _flush(self) -> None:
        """Something else is going to be noted."""
        if self._repetition is not None and self.call is not None:
            self._repetition.close(self.call.index)
