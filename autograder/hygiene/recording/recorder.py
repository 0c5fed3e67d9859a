"""``record()``: watch a piece of training code, restore everything afterwards, keep the trace."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
import torch

from autograder.hygiene.recording.effects.backward_passes import Backwards
from autograder.hygiene.recording.effects.failures import note_failure
from autograder.hygiene.recording.mode_stack import ModeStack
from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.recording.passes import WatchedPasses
from autograder.hygiene.recording.registration import Registration
from autograder.hygiene.recording.repeat.rows import expanded
from autograder.hygiene.recording.restore import GlobalSnapshot, InputSnapshot
from autograder.hygiene.recording.student.files import Files
from autograder.hygiene.recording.taps.function_mode import Watch
from autograder.hygiene.recording.taps.replacements import Patches
from autograder.hygiene.trace.events import FORMAT, InputChange, Outcome, Place, Switch, TraceData
from autograder.hygiene.trace.window import Window

if TYPE_CHECKING:
    from autograder.hygiene.verdict.trace import Trace

_open: list[Recording] = []


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
        self._watch = Watch(self._notes, Backwards(self._notes, self.window))
        self._stack = ModeStack(self._watch)
        self._hooks = Registration(self._notes, self._watch, self._stack)
        self._patches = Patches(self._notes, self._stack.quietly, self.window, self._watch.transforming)
        self._passes = WatchedPasses(
            self._notes, self.window, self._watch, self._stack, self._hooks, self._patches, self._innermost
        )
        self._data: TraceData | None = None

    # -- the block --------------------------------------------------------------------------------------------

    def __enter__(self) -> Recording:
        if self._data is not None or self._hooks.active:
            raise RuntimeError("A recording can be used for one block only; call record() again.")
        for other in _open:
            other._passes.come_back()
        self._state = GlobalSnapshot()
        self._before = InputSnapshot(self._inputs)
        self._notes.changes.arguments = self._before.watched()
        for name, tensor in self._parameters.items():
            slot = self._notes.leaves.slot(tensor)
            self._notes.leaves.table[slot.index].name = name
        self._passes.replace()
        self._patches.apply()
        self._hooks.add()
        _open.append(self)
        self._stack.enter()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: Any) -> None:
        tampered: list[str] = []
        try:
            tampered += self._stack.leave(watching=not (self._notes.events.closed or self._watch.away))
            if self._watch.away:
                self._watch.come_back()
            self._watch.deviate()
            if self._notes.running.grad_switch is not None and not torch.is_grad_enabled():
                self._notes.events.emit(Switch(self._notes.steps.number, self._notes.running.grad_switch, "grad_mode"))
            if error is None and not self._notes.events.closed:
                self._notes.errors.guarded(self._notes.updates.finish)
            outcome = _outcome(self._notes, error, traceback)
        finally:
            self._hooks.remove()
            tampered += self._patches.undo()
            if self._notes.errors.broken is not None:
                tampered.append(self._notes.errors.broken)
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
            tampered,
            notes.events.truncated,
            self.whole_program,
            self.learning_rate,
        )
        self._inputs, self._parameters = (), {}
        del self._before, self._watch, self._stack, self._hooks, self._passes

    def _innermost(self) -> bool:
        return bool(_open) and _open[-1] is self

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


def _outcome(notes: Notes, error: BaseException | None, traceback: Any) -> Outcome | None:
    """The error that ended the block; if it is about a gradient that was not there, that is noted, too."""
    if error is None:
        return None
    place = notes.lines.of_traceback(traceback)
    if notes.leaves.none_read is not None and isinstance(error, (TypeError, AttributeError)):
        leaf, where, cause = notes.leaves.none_read
        if where == place:
            note_failure(notes, "none-gradient", "", error, place, leaf=leaf, cause=cause)
    return Outcome(type(error).__name__, str(error)[:500], place)


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
