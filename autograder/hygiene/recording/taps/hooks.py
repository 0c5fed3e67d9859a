"""What torch's own hooks show: steps of optimizers and calls of modules."""

from __future__ import annotations

import sys
import weakref
from collections.abc import Callable
from types import CodeType, FrameType
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import ref

import torch
from torch.nn.utils.parametrize import ParametrizationList

from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.recording.repeat.calls import Call
from autograder.hygiene.recording.repeat.hook_calls import Held, repeat_updates, same_module, same_optimizer
from autograder.hygiene.recording.sources.flows import TENSORS, Flow
from autograder.hygiene.recording.sources.values import state_of
from autograder.hygiene.trace.events import NO_GRADIENT, Forward, OptimizerStep

if TYPE_CHECKING:
    from autograder.hygiene.recording.taps.function_mode import Watch

_Unwatched = torch._C.DisableTorchFunction
_PER_PLACE = 64
_MOST_PERIODS = 8


class Numbers:
    """Numbers optimizers or modules in the order in which they are met."""

    def __init__(self) -> None:
        self._known: weakref.WeakKeyDictionary[Any, int] | None = None
        self._count = 0

    def of(self, thing: Any) -> int:
        """The number of this optimizer or module."""
        if self._known is None:
            self._known = weakref.WeakKeyDictionary()
        number: int = self._known.setdefault(thing, self._count)
        self._count = max(self._count, number + 1)
        return number


Traits = tuple[str, bool, bool, bool]


class Running(NamedTuple):
    """A step that an optimizer is making: noted in full, or expected as one that repeats."""

    optimizer: Any
    event: OptimizerStep | None
    held: Held
    expected: Call | None


class OptimizerObserver:
    """Notes every ``optimizer.step()``; torch's own optimizers run unwatched, for their effect is known."""

    def __init__(self, notes: Notes, watch: Watch, mute: Callable[[], None], unmute: Callable[[], None]) -> None:
        self.notes = notes
        self.watch = watch
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
        notes, watch = self.notes, self.watch
        if notes.running.differentiating:
            watch.learning.spoil()
        self.mute()
        quiet = False
        try:
            held = [
                (notes.leaves.slot(tensor), tensor) for group in optimizer.param_groups for tensor in group["params"]
            ]
            library, traits = _traits(optimizer)
            frame = notes.files.student_frame(sys._getframe(2))
            expected = watch.call
            if expected is not None and frame is not None and same_optimizer(expected, optimizer, traits, held, frame):
                quiet = True
                self.running = Running(optimizer, None, held, expected)
                return
            watch.deviate()
            event = self._noted(optimizer, traits, held)
            closure = next((item for item in (*args, *kwargs.values()) if callable(item)), None)
            if library and closure is None:
                quiet = True
                self.running = Running(optimizer, event, held, None)
                for slot, tensor in held:
                    notes.updates.before(slot, tensor)
            else:
                watch.learning.spoil()
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
        notes, watch = self.notes, self.watch
        self.running = None
        try:
            if running.expected is not None:
                watch.call = repeat_updates(notes, running.expected)
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
            watch.learning.note_optimizer(running.optimizer, event, running.held, updates, frame)
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


class Asked(NamedTuple):
    """A call of a module: what went in, which instruction called it, after which backward pass."""

    module: ref[Any]
    given: ref[torch.Tensor]
    code: CodeType
    lasti: int
    number: int


class ModuleObserver:
    """Notes every call of an outermost module that has parameters."""

    def __init__(self, notes: Notes, watch: Watch) -> None:
        self.notes = notes
        self.watch = watch
        self.inside: list[int] = []
        self.over: set[tuple[int, bool, CodeType, int]] = set()
        """Calls that were noted often enough, of modules for which the mode does not matter."""
        self.numbers = Numbers()
        self.taught: set[int] = set()
        """The modules that were seen in training mode."""
        self.latest: Asked | None = None

    def before(self, module: Any, args: Any) -> None:
        """Remember that a module's forward is running."""
        self.inside.append(id(module))
        self.notes.running.modes.append(bool(module.training))

    def after(self, module: Any, args: Any, output: Any) -> None:
        """Note the call, if no other module made it."""
        inside = self.inside
        if len(inside) > 1 and inside[-1] == id(module):
            inside.pop()
            self.notes.running.modes.pop()
            return
        with _Unwatched():
            self.notes.errors.guarded(self._after, module, args, output)

    def _after(self, module: Any, args: Any, output: Any) -> None:
        notes = self.notes
        while self.inside:
            # More than one at a time only after an exception that the program caught.
            notes.running.modes.pop()
            if self.inside.pop() == id(module):
                break
        if (
            self.inside
            or notes.events.closed
            or notes.running.differentiating
            or torch._C._functorch.maybe_current_level() is not None
        ):
            return
        if isinstance(module, ParametrizationList):  # torch computes a weight, in whatever mode the program is then
            return
        tensor = _first_tensor(output)
        frame = notes.files.student_frame(sys._getframe(2))
        if tensor is None or frame is None or self._repeats(module, tensor, frame):
            return
        if next(module.parameters(), None) is None:
            return
        call = (id(module), module.training, frame.f_code, frame.f_lasti)
        if call in self.over:
            return
        place = notes.lines.at(frame)
        sensitive, in_mode = _sensitive(module)
        number = self.numbers.of(module)
        if in_mode:
            self.taught.add(number)
        elif number not in self.taught and _has_statistics(module):
            sensitive = []
        if notes.events.often(_kind(module.training, in_mode), place, _PER_PLACE):
            if not sensitive:
                self.over.add(call)
            return
        self.watch.deviate()
        event = Forward(
            notes.steps.number + int(notes.steps.updated),
            place,
            number,
            type(module).__name__,
            module.training,
            in_mode if module.training else sensitive if not in_mode else [],
            torch.is_grad_enabled(),
            tensor.grad_fn is not None,
            learns=bool(sensitive)
            and any(slot is not None and slot.moved for slot in map(notes.leaves.find, module.parameters())),
            again=bool(sensitive) and self._again(module, args, frame),
            copies=any("Dropout" in kind for kind in in_mode) and _copies(args),
        )
        size = notes.events.emit(event)
        self.watch.learning.note_module(module, event, frame, bool(sensitive))
        if size >= 0:
            notes.events.positions[id(event)] = size
            if tensor.grad_fn is not None:
                notes.graphs.await_visit(tensor.grad_fn, event)
            if (event.sensitive or sensitive) and type(tensor) in TENSORS:
                flow = notes.flows.of(tensor) or Flow()
                notes.flows.put(tensor, flow._replace(forwards=(*flow.forwards, size)[-8:]))

    def _again(self, module: Any, args: Any, frame: FrameType) -> bool:
        """Whether just the same was asked before, as for the mean of many random answers."""
        given = args[0] if args else None
        if not isinstance(given, torch.Tensor):
            return False
        passes = self.notes.steps.passes
        last, self.latest = self.latest, Asked(ref(module), ref(given), frame.f_code, frame.f_lasti, passes)
        return (
            last is not None
            and last.module() is module
            and last.given() is given
            and last[2:] == (frame.f_code, frame.f_lasti, passes)
        )

    def _repeats(self, module: Any, tensor: torch.Tensor, frame: FrameType) -> bool:
        """Whether this is the call that the repeated step makes here."""
        watch = self.watch
        expected = watch.call
        if expected is None or not same_module(expected, module, tensor, frame):
            return False
        if self.notes.events.often(_kind(module.training, []), expected.place, _PER_PLACE):
            return False
        node = tensor.grad_fn
        expected.number = -1 if node is None else node._sequence_nr()
        watch.call = expected.next
        return True


def _copies(args: Any) -> bool:
    """Whether the rows of a batch are one block repeated, or blocks of one row each."""
    given = args[0] if args else None
    if not isinstance(given, torch.Tensor) or type(given) not in TENSORS:
        return False
    if given.layout is not torch.strided or given.is_meta or given.dim() < 2 or len(given) < 2 or not given.numel():
        return False
    rows = given.detach().flatten(1)
    like_first = (rows == rows[0]).all(1).tolist()
    found = [index for index, same in enumerate(like_first) if same][1:]
    if not found:
        return False
    periods = [period for period in found[:_MOST_PERIODS] if len(rows) % period == 0]
    if any(bool((rows.reshape(-1, period, rows.shape[1]) == rows[:period]).all()) for period in periods):
        return True
    size = like_first.index(False) if False in like_first else len(rows)
    blocks = rows.reshape(-1, size, rows.shape[1]) if len(rows) % size == 0 and size > 1 else None
    return blocks is not None and bool((blocks == blocks[:, :1]).all())


def _kind(training: bool, in_mode: list[str]) -> str:
    return f"forward{int(training)}{int(bool(in_mode))}"


def _first_tensor(output: Any) -> torch.Tensor | None:
    if isinstance(output, torch.Tensor):
        return output
    if isinstance(output, dict):
        output = list(output.values())
    if isinstance(output, (list, tuple)):
        return next((item for item in output if isinstance(item, torch.Tensor)), None)
    return None


def _has_statistics(module: torch.nn.Module) -> bool:
    """Whether the mode matters for nothing but batch norms that have learned before: they may be frozen on purpose."""
    matters = [part for part in module.modules() if _mode_matters(part)]
    return all(getattr(part, "num_batches_tracked", None) is not None and part.num_batches_tracked for part in matters)


def _sensitive(module: torch.nn.Module) -> tuple[list[str], list[str]]:
    """The kinds of layers for which the mode matters: all of them, and those in training mode."""
    every: set[str] = set()
    training: set[str] = set()
    for part in module.modules():
        kind = _mode_matters(part)
        if kind:
            every.add(kind)
            if part.training:
                training.add(kind)
    return sorted(every), sorted(training)


def _mode_matters(part: torch.nn.Module) -> str:
    """The kind of layer that this is, if its mode matters, else nothing."""
    if isinstance(part, torch.nn.modules.dropout._DropoutNd):
        return type(part).__name__ if part.p else ""
    if isinstance(part, torch.nn.modules.batchnorm._BatchNorm):
        return "" if part.running_mean is None else type(part).__name__
    inside = isinstance(part, torch.nn.MultiheadAttention) or (
        isinstance(part, torch.nn.RNNBase) and part.num_layers > 1
    )
    return "Dropout" if inside and part.dropout else ""
