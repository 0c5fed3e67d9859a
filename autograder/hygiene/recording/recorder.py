"""``record()``: watch a piece of training code, restore everything afterwards, keep the trace."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
import torch
from torch.optim.optimizer import register_optimizer_step_post_hook, register_optimizer_step_pre_hook

from autograder.hygiene.recording.effects.backward_passes import Backwards
from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.recording.repeat.rows import expanded
from autograder.hygiene.recording.restore import GlobalSnapshot, InputSnapshot
from autograder.hygiene.recording.student.files import TORCH, Files
from autograder.hygiene.recording.taps.function_mode import Watch
from autograder.hygiene.recording.taps.hooks import ModuleObserver, OptimizerObserver
from autograder.hygiene.recording.taps.replacements import Patches
from autograder.hygiene.trace.events import FORMAT, Fault, InputChange, Outcome, Place, Switch, TraceData
from autograder.hygiene.trace.window import Window

if TYPE_CHECKING:
    from autograder.hygiene.verdict.trace import Trace

_stack_size: Callable[[], int] = torch._C._len_torch_function_stack
_stack_at: Callable[[int], Any] = torch._C._get_function_stack_at
_pop: Callable[[], Any] = torch._C._pop_torch_function_stack
_push: Callable[[Any], None] = torch._C._push_on_torch_function_stack

_open: list[Recording] = []
_MOST_LOSSES = 1_000_000


class Recording:
    """One recorded run. After the block, :meth:`plain` is its plain data and :attr:`trace` the readable trace."""

    def __init__(
        self,
        *,
        window: Window | None = None,
        inputs: Sequence[Any] = (),
        parameters: Mapping[str, torch.Tensor] | None = None,
        files: Iterable[str] | None = None,
        learning_rate: float | None = None,
        whole_program: bool = False,
    ) -> None:
        self.window = window or Window.full()
        self.learning_rate = learning_rate
        self.whole_program = whole_program
        self._inputs = tuple(inputs)
        self._parameters = dict(parameters or {})
        self._notes = Notes(Files(frozenset(files) if files is not None else None))
        self._backwards = Backwards(self._notes, self.window)
        self._watch = Watch(self._notes, self._backwards)
        self._patches = Patches(self._notes, self._quietly, self.window, self._watch.transforming)
        self._tampered: list[str] = []
        self._outside_steps = 0
        self._finished = False
        self._attached = False
        self._muted = False
        self._data: TraceData | None = None
        self._below = 0

    # -- the block --------------------------------------------------------------------------------------------

    def __enter__(self) -> Recording:
        if self._data is not None or self._attached:
            raise RuntimeError("A recording can be used for one block only; call record() again.")
        for other in _open:
            other._return()
        self._state = GlobalSnapshot()
        self._before = InputSnapshot(self._inputs)
        self._notes.changes.arguments = self._before.watched()
        for name, tensor in self._parameters.items():
            slot = self._notes.leaves.slot(tensor)
            self._notes.leaves.table[slot.index].name = name
        self._patch(torch.Tensor, "backward", self._watch.run_backward)
        self._patch(torch.autograd, "grad", self._watch.run_grad)
        self._patch(torch.autograd, "backward", self._watch.run_backward)
        self._patches.apply()
        self._attach()
        _open.append(self)
        self._below = _stack_size()
        _push(self._watch)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: Any) -> None:
        try:
            self._leave_stack()
            if self._watch.away:
                self._watch.come_back()
            self._watch.deviate()
            if self._notes.running.grad_switch is not None and not torch.is_grad_enabled():
                self._notes.events.emit(Switch(self._notes.steps.number, self._notes.running.grad_switch, "grad_mode"))
            if error is None and not self._notes.events.closed:
                self._notes.errors.guarded(self._notes.updates.finish)
            outcome = self._outcome(error, traceback)
        finally:
            self._detach()
            self._tampered += self._patches.undo()
            if self._notes.errors.broken is not None:
                self._tampered.append(self._notes.errors.broken)
            if self in _open:
                _open.remove(self)
            end = self._state.restore()
        notes = self._notes
        self._data = TraceData(
            FORMAT,
            list(notes.files.names),
            notes.leaves.table,
            notes.events.noted,
            notes.losses,
            self._state.start,
            end,
            [InputChange(position, what, "", place) for position, what, place in self._before.changes(notes)],
            outcome,
            self._tampered,
            notes.events.truncated,
            self.whole_program,
            self.learning_rate,
        )
        self._inputs, self._parameters = (), {}
        del self._before, self._watch, self._backwards

    # -- results ----------------------------------------------------------------------------------------------

    def plain(self) -> dict[str, Any]:
        """The whole trace as nested dicts, lists and base types, ready to cross the trust line."""
        if self._data is None:
            raise RuntimeError("The trace is there after the `with` block has ended.")
        self._data.events = expanded(self._data.events)
        data: dict[str, Any] = msgspec.to_builtins(self._data)
        return data

    def events(self) -> list[Any]:
        """The events alone, as plain lists."""
        events: list[Any] = self.plain()["events"]
        return events

    @functools.cached_property
    def trace(self) -> Trace:
        """The readable trace. In grading, the judge makes its own with ``Trace.from_plain``."""
        from autograder.hygiene.verdict.trace import Trace

        return Trace.from_plain(self.plain())

    def __getattr__(self, name: str) -> Any:
        # In-process use reads like the trace itself: ``with record() as trace: …; trace.expect_clean()``.
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.trace, name)

    # -- being on and off ---------------------------------------------------------------------------------------

    def _on_top(self) -> bool:
        size = _stack_size()
        return size > self._below and _stack_at(size - 1) is self._watch

    def _patch(self, owner: Any, name: str, run: Callable[..., Any]) -> None:
        original = getattr(owner, name)
        losses = self._notes.losses
        watch = self._watch
        repeatable = owner is torch.Tensor

        @functools.wraps(original)
        def watched(*args: Any, **kwargs: Any) -> Any:
            self._return()
            call = watch.call
            if call is not None and call.func is None and repeatable and len(args) == 1 and not kwargs:
                frame = sys._getframe(1)
                if call.code is frame.f_code and call.lasti == frame.f_lasti and self._on_top():
                    _pop()
                    watch.caller = frame
                    try:
                        return watch.repeat_backward(original, args[0])
                    finally:
                        self._passed()
            if self._finished:
                # The window is over for good: the loss is noted and nothing else.
                if args and _open and _open[-1] is self and not _inside_torch(sys._getframe(1)):
                    output = args[0]
                    if isinstance(output, torch.Tensor) and output.numel() == 1 and len(losses) < _MOST_LOSSES:
                        losses.append(output.item())
                return original(*args, **kwargs)
            if not self._on_top():
                if self._notes.events.closed and _open and _open[-1] is self and not _inside_torch(sys._getframe(1)):
                    return self._outside(original, run, args, kwargs)
                return original(*args, **kwargs)
            if self._notes.events.closed:
                _pop()
                self._detach()
                return self._outside(original, run, args, kwargs)
            _pop()
            watch.caller = sys._getframe(1)
            watch.by_library = _inside_torch(watch.caller)
            try:
                return run(original, args, kwargs)
            finally:
                watch.by_library = False
                self._passed()

        self._patches.replace(owner, name, watched)

    def _return(self) -> None:
        """If the watch is away between two passes, put it on again."""
        if self._watch.away:
            self._watch.come_back()
            _push(self._watch)

    def _passed(self) -> None:
        """A backward pass is over: go on watching, or stop if it was the one after the window."""
        self._watch.caller = None
        if not self._notes.events.closed:
            if not self._watch.away:
                _push(self._watch)
            return
        self._detach()
        self._finished = self.window.period is None or self._notes.events.truncated
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
        """A backward pass outside the window: only its loss is noted."""
        notes = self._notes
        self._outside_steps += 1
        if not notes.events.truncated and self.window.period is not None:
            if self.window.holds(notes.steps.number + self._outside_steps):
                notes.steps.number += self._outside_steps
                self._outside_steps = 0
                notes.events.closed = False
                notes.steps.updated = False
                notes.leaves.lose_sight(notes.steps.number)
                self._attach()
                self._watch.caller = sys._getframe(2)
                try:
                    return run(original, args, kwargs)
                finally:
                    self._watch.caller = None
                    _push(self._watch)
        output = args[0] if args else None
        if isinstance(output, torch.Tensor) and output.numel() == 1 and len(notes.losses) < _MOST_LOSSES:
            notes.losses.append(output.item())
        return original(*args, **kwargs)

    def _quietly(self, run: Callable[[], Any]) -> bool:
        """Run something with the watch off; False (and nothing happens) if the watch is not on top."""
        if not self._on_top():
            return False
        _pop()
        try:
            run()
        finally:
            _push(self._watch)
        return True

    def _attach(self) -> None:
        if self._attached:
            return
        self._attached = True
        optimizers = OptimizerObserver(self._notes, self._watch, self._mute, self._unmute)
        modules = ModuleObserver(self._notes, self._watch)
        self._handles = [
            register_optimizer_step_pre_hook(optimizers.before),
            register_optimizer_step_post_hook(optimizers.after),
            torch.nn.modules.module.register_module_forward_pre_hook(modules.before),
            torch.nn.modules.module.register_module_forward_hook(modules.after),
        ]

    def _detach(self) -> None:
        if self._attached:
            self._attached = False
            for handle in self._handles:
                handle.remove()

    def _mute(self) -> None:
        if self._on_top():
            _pop()
            self._muted = True

    def _unmute(self) -> None:
        if self._muted:
            self._muted = False
            _push(self._watch)

    def _leave_stack(self) -> None:
        """Take the mode off the stack, wherever the run left it, and note if it is not where it was put."""
        if self._notes.events.closed or self._muted or self._watch.away:
            stack = [_pop() for _ in range(_stack_size())]
            for mode in reversed([mode for mode in stack if mode is not self._watch]):
                _push(mode)
            return
        if self._on_top() and _stack_size() == self._below + 1:
            _pop()
            return
        stack = [_pop() for _ in range(_stack_size())]
        if any(mode is self._watch for mode in stack):
            self._tampered.append("the stack of torch function modes changed during the run")
        else:
            self._tampered.append("the recorder was removed during the run")
        others = [mode for mode in stack if mode is not self._watch]
        for mode in reversed(others[-self._below :] if self._below else []):
            _push(mode)

    def _outcome(self, error: BaseException | None, traceback: Any) -> Outcome | None:
        if error is None:
            return None
        notes = self._notes
        place = notes.lines.of_traceback(traceback)
        if notes.leaves.none_read is not None and isinstance(error, (TypeError, AttributeError)):
            leaf, where, cause = notes.leaves.none_read
            if where == place:
                notes.events.emit(Fault(notes.steps.number, place, "none-gradient", "", str(error)[:300], leaf, cause))
        return Outcome(type(error).__name__, str(error)[:500], place)


def _inside_torch(frame: Any) -> bool:
    return bool(frame.f_code.co_filename.startswith(TORCH))


def record(
    *,
    window: Window | None = None,
    inputs: Sequence[Any] = (),
    parameters: Mapping[str, torch.Tensor] | None = None,
    files: Iterable[str] | None = None,
    learning_rate: float | None = None,
    whole_program: bool = False,
) -> Recording:
    """A context manager that records the training code inside it: ``with record() as trace: train()``.

    ``window`` chooses the steps, ``inputs`` are arguments that the code must not change, ``parameters`` gives
    names to tensors, ``files`` restricts line numbers to these source files, ``learning_rate`` says that plain
    gradient descent with this rate is asked for, and ``whole_program`` that the code may set global switches.
    """
    return Recording(
        window=window,
        inputs=inputs,
        parameters=parameters,
        files=files,
        learning_rate=learning_rate,
        whole_program=whole_program,
    )


def open_recordings() -> Iterator[Recording]:
    """The recordings whose blocks are running, outermost first."""
    return iter(tuple(_open))


__all__ = ["Place", "Recording", "open_recordings", "record"]
