"""The torch function mode: sees every torch call of the student's code and tells the notes what matters."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any

from torch.overrides import TorchFunctionMode

from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.recording.repeat.calls import OTHER, Call
from autograder.hygiene.recording.repeat.expected import Expected
from autograder.hygiene.recording.taps.actions import (
    BACKWARD,
    GRAD,
    Action,
    classify,
    classify_transformed,
    switch,
)
from autograder.hygiene.recording.taps.backward_calls import BackwardCalls

_frame = sys._getframe
_ACTIONS: dict[Any, Action | None] = {}
"""What to do around the functions that were called so far."""


class Watch(TorchFunctionMode):
    """Passes every call on, and notes what the rules need to know."""

    def __init__(self, notes: Notes, expected: Expected, backward_calls: BackwardCalls) -> None:
        super().__init__()
        self.notes = notes
        self.expected = expected
        self.backward_calls = backward_calls
        self.actions: dict[Any, Action | None] = _ACTIONS
        self.classify: Callable[[Any], Action | None] = classify

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: Sequence[Any] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        expected = self.expected
        call = expected.call
        if call is not None:  # here and not in Expected: every operation of the program comes along
            frame = _frame(1)
            if call.lasti == frame.f_lasti and call.code is frame.f_code and call.func == func:
                act = call.act
                if act is None:
                    expected.call = call.next
                    return func(*args, **kwargs) if kwargs else func(*args)
                if call.caller is None or self._called_by(call, frame):
                    out = act(self.notes, call, func, args, kwargs)
                    if out is not OTHER:
                        expected.call = call.next
                        return out
            expected.deviate()
        notes = self.notes
        try:
            action = self.actions[func]
        except KeyError:
            action = self.actions[func] = self.classify(func)
        except TypeError:
            action = None
        learning = expected.learning.calls is not None
        if action is None or notes.events.closed:
            if learning:
                expected.learning.note(func, _frame(1), None, args, None, len(notes.events.noted))
            return func(*args, **kwargs) if kwargs else func(*args)
        after, before, failed = action
        events = len(notes.events.noted)
        if after is BACKWARD or after is GRAD:
            calls = self.backward_calls
            return (calls.run_backward if after is BACKWARD else calls.run_grad)(func, args, kwargs or {})
        state = None
        if before is not None:
            try:
                state = before(notes, func, args, kwargs or {})
            except Exception as error:  # noqa: BLE001 - whatever is wrong here is ours, not the student's
                notes.errors.break_off(error)
                return func(*args, **kwargs) if kwargs else func(*args)
        try:
            out = func(*args, **kwargs) if kwargs else func(*args)
        except RuntimeError as error:
            if failed is not None:
                notes.errors.guarded(failed, notes, func, args, kwargs or {}, error)
            raise
        try:
            if before is not None:
                after(notes, func, args, kwargs or {}, out, state)
            else:
                after(notes, func, args, kwargs or {}, out)
            if learning:
                if after is switch:
                    expected.learning.note_switch(func, _frame(1))
                else:
                    expected.learning.note(func, _frame(1), after, args, out, events)
        except Exception as error:  # noqa: BLE001
            notes.errors.break_off(error)
        return out

    def _called_by(self, call: Call, frame: FrameType) -> bool:
        student = self.notes.files.student_frame(frame)
        return student is not None and student.f_lasti == call.caller_lasti and student.f_code is call.caller

    @contextmanager
    def transforming(self) -> Iterator[None]:
        """While torch.func differentiates a function: its tensors are wrapped, so only shapes are looked at."""
        self.expected.deviate()
        self.expected.learning.spoil()
        actions, classify = self.actions, self.classify
        self.actions, self.classify = {}, classify_transformed
        try:
            yield
        finally:
            self.actions, self.classify = actions, classify
