"""``backward`` and ``grad``, replaced for the time of a recording: where it wakes up, and where its window ends."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Sequence
from typing import Any

import torch

from autograder.hygiene.recording.mode_stack import ModeStack
from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.recording.registration import Registration
from autograder.hygiene.recording.student.files import TORCH
from autograder.hygiene.recording.taps.function_mode import Watch
from autograder.hygiene.recording.taps.replacements import Patches
from autograder.hygiene.trace.window import Window

_MOST_LOSSES = 1_000_000


class WatchedPasses:
    """Shows backward passes to the watch while the window is open, and notes no more than losses outside of it."""

    def __init__(
        self,
        notes: Notes,
        window: Window,
        watch: Watch,
        stack: ModeStack,
        hooks: Registration,
        patches: Patches,
        innermost: Callable[[], bool],
    ) -> None:
        self._notes = notes
        self._window = window
        self._watch = watch
        self._stack = stack
        self._hooks = hooks
        self._patches = patches
        self._innermost = innermost
        """Whether no other recording was opened inside of this one."""
        self._outside_steps = 0
        """How many passes there were since the window was closed."""
        self._finished = False
        """The window is over for good."""

    def replace(self) -> None:
        """Replace the functions that run backward passes; ``patches`` put them back."""
        self._replace(torch.Tensor, "backward", self._watch.run_backward)
        self._replace(torch.autograd, "grad", self._watch.run_grad)
        self._replace(torch.autograd, "backward", self._watch.run_backward)

    def come_back(self) -> None:
        """If the watch is away between two passes, put it on again."""
        if self._watch.away:
            self._watch.come_back()
            self._stack.put_on()

    def _replace(self, owner: Any, name: str, run: Callable[..., Any]) -> None:
        original = getattr(owner, name)
        watch, stack, events = self._watch, self._stack, self._notes.events
        repeatable = owner is torch.Tensor

        @functools.wraps(original)
        def watched(*args: Any, **kwargs: Any) -> Any:
            self.come_back()
            call = watch.call
            if call is not None and call.func is None and repeatable and len(args) == 1 and not kwargs:
                frame = sys._getframe(1)
                if call.code is frame.f_code and call.lasti == frame.f_lasti and stack.on_top():
                    stack.take_off()
                    watch.caller = frame
                    try:
                        return watch.repeat_backward(original, args[0])
                    finally:
                        self._passed()
            if self._finished:
                if self._innermost() and not _inside_torch(sys._getframe(1)):
                    self._note_loss(args)
                return original(*args, **kwargs)
            if not stack.on_top():
                if events.closed and self._innermost() and not _inside_torch(sys._getframe(1)):
                    return self._outside(original, run, args, kwargs)
                return original(*args, **kwargs)
            if events.closed:
                stack.take_off()
                self._hooks.remove()
                return self._outside(original, run, args, kwargs)
            stack.take_off()
            watch.caller = sys._getframe(1)
            watch.by_library = _inside_torch(watch.caller)
            try:
                return run(original, args, kwargs)
            finally:
                watch.by_library = False
                self._passed()

        self._patches.replace(owner, name, watched)

    def _passed(self) -> None:
        """A backward pass is over: go on watching, or stop if it was the one after the window."""
        self._watch.caller = None
        events = self._notes.events
        if not events.closed:
            if not self._watch.away:
                self._stack.put_on()
            return
        self._hooks.remove()
        self._finished = self._window.period is None or events.truncated
        if self._finished:
            self._lighten()

    def _lighten(self) -> None:
        """The window is over for good: from now on a backward pass costs no more than reading its loss."""
        self._patches.exchange(torch.autograd, "backward", None)
        self._patches.exchange(torch.Tensor, "backward", self._noting)

    def _noting(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """``Tensor.backward`` that notes the loss."""
        losses = self._notes.losses
        note = losses.append

        def backward(
            loss: torch.Tensor,
            gradient: Any = None,
            retain_graph: Any = None,
            create_graph: bool = False,
            inputs: Any = None,
        ) -> Any:
            if len(losses) < _MOST_LOSSES:
                # Not contextlib.suppress, which costs more than all the rest.
                try:  # noqa: SIM105
                    note(loss.item())
                except RuntimeError:  # not a single number
                    pass
            return original(loss, gradient, retain_graph, create_graph, inputs)

        return backward

    def _outside(
        self, original: Callable[..., Any], run: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]
    ) -> Any:
        """A backward pass outside the window: only its loss is noted, unless the window opens again with it."""
        notes = self._notes
        self._outside_steps += 1
        again = self._window.period is not None and not notes.events.truncated
        if again and self._window.holds(notes.steps.number + self._outside_steps):
            notes.steps.number += self._outside_steps
            self._outside_steps = 0
            notes.events.closed = False
            notes.steps.updated = False
            notes.leaves.lose_sight(notes.steps.number)
            self._hooks.add()
            self._watch.caller = sys._getframe(2)
            try:
                return run(original, args, kwargs)
            finally:
                self._watch.caller = None
                self._stack.put_on()
        self._note_loss(args)
        return original(*args, **kwargs)

    def _note_loss(self, args: Sequence[Any]) -> None:
        losses = self._notes.losses
        output = args[0] if args else None
        if isinstance(output, torch.Tensor) and output.numel() == 1 and len(losses) < _MOST_LOSSES:
            losses.append(output.item())


def _inside_torch(frame: Any) -> bool:
    return bool(frame.f_code.co_filename.startswith(TORCH))
