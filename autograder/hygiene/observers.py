"""What torch's own hooks show: steps of optimizers and calls of modules."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

import torch

from autograder.hygiene.events import NO_GRADIENT, Forward, OptimizerStep, Place
from autograder.hygiene.flows import TENSORS, Flow
from autograder.hygiene.notes import Notes, Slot, state_of

_MODE_SENSITIVE = (
    torch.nn.modules.dropout._DropoutNd,
    torch.nn.modules.batchnorm._BatchNorm,
)


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


class OptimizerObserver:
    """Notes every ``optimizer.step()``; torch's own optimizers run unwatched, for their effect is known."""

    def __init__(self, notes: Notes, mute: Callable[[], None], unmute: Callable[[], None]) -> None:
        self.notes = notes
        self.mute = mute
        self.unmute = unmute
        self.known = Numbers()
        self.running: tuple[Any, Place, list[tuple[Slot, torch.Tensor]]] | None = None

    def before(self, optimizer: Any, args: Any, kwargs: Any) -> None:
        """Note which leaves the optimizer holds and what their gradients are."""
        self.running = None
        if not self.notes.closed:
            self.notes.guarded(self._before, optimizer, args, kwargs)

    def after(self, optimizer: Any, args: Any, kwargs: Any) -> None:
        """Note the updates that the step made."""
        if self.running is not None and self.running[0] is optimizer:
            self.notes.guarded(self._after)

    def _before(self, optimizer: Any, args: Any, kwargs: Any) -> None:
        notes = self.notes
        self.mute()
        quiet = False
        try:
            held = [(notes.slot(tensor), tensor) for group in optimizer.param_groups for tensor in group["params"]]
            states = [
                slot.kept_state
                if tensor.grad is not None and slot.kept(tensor.grad) and slot.kept_state != NO_GRADIENT
                else state_of(tensor.grad)
                for slot, tensor in held
            ]
            kind = type(optimizer).__name__
            library = type(optimizer).__module__.startswith("torch.optim")
            groups = optimizer.param_groups
            stateful = not (kind == "SGD" and library and all(not group.get("momentum") for group in groups))
            plain = not stateful and all(
                not group.get("weight_decay") and not group.get("nesterov") for group in groups
            )
            place = notes.place()
            maximize = any(bool(group.get("maximize")) for group in groups)
            made = None if notes.made is None else notes.made.get(optimizer)
            notes.emit(
                OptimizerStep(
                    notes.step, place, self.known.of(optimizer), kind, maximize,
                    [slot.index for slot, _ in held], states, plain, stateful, made,
                )
            )  # fmt: skip
            closure = next((item for item in (*args, *kwargs.values()) if callable(item)), None)
            if library and closure is None:
                quiet = True
                self.running = (optimizer, place, held)
                for slot, tensor in held:
                    notes.before_update(slot, tensor)
        finally:
            if not quiet:
                self.unmute()

    def _after(self) -> None:
        assert self.running is not None
        _, place, held = self.running
        self.running = None
        try:
            for slot, tensor in held:
                if tensor.grad is not None:
                    flow = Flow({slot.index: (slot.backward, slot.reads)}) if slot.backward >= 0 else None
                    self.notes.after_update(slot, tensor, place, "optimizer", [flow] if flow else [], True)
        finally:
            self.unmute()


class ModuleObserver:
    """Notes every call of an outermost module that has parameters."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.inside: list[int] = []
        self.numbers = Numbers()

    def before(self, module: Any, args: Any) -> None:
        """Remember that a module's forward is running."""
        self.inside.append(id(module))
        self.notes.modes.append(bool(module.training))

    def after(self, module: Any, args: Any, output: Any) -> None:
        """Note the call, if no other module made it."""
        self.notes.guarded(self._after, module, output)

    def _after(self, module: Any, output: Any) -> None:
        notes = self.notes
        while self.inside:
            # More than one at a time only after an exception that the program caught.
            notes.modes.pop()
            if self.inside.pop() == id(module):
                break
        if (
            self.inside
            or notes.closed
            or notes.differentiating
            or torch._C._functorch.maybe_current_level() is not None
        ):
            return
        if next(module.parameters(), None) is None:
            return
        tensor = _first_tensor(output)
        place = notes.place()
        sensitive, in_mode = _sensitive(module)
        if tensor is None or notes.often(f"forward{int(module.training)}{int(bool(in_mode))}", place, 64):
            return
        event = Forward(
            notes.step + int(notes.updated),
            place,
            self.numbers.of(module),
            type(module).__name__,
            module.training,
            in_mode if module.training else sensitive if not in_mode else [],
            torch.is_grad_enabled(),
            tensor.grad_fn is not None,
        )
        size = notes.emit(event)
        if size >= 0:
            notes.positions[id(event)] = size
            if tensor.grad_fn is not None:
                notes.pending.setdefault(tensor.grad_fn._sequence_nr(), []).append(event)
            if (event.sensitive or sensitive) and type(tensor) in TENSORS:
                flow = notes.flows.of(tensor) or Flow()
                notes.flows.put(tensor, flow._replace(forwards=(*flow.forwards, size)[-8:]))


def _first_tensor(output: Any) -> torch.Tensor | None:
    if isinstance(output, torch.Tensor):
        return output
    if isinstance(output, dict):
        output = list(output.values())
    if isinstance(output, (list, tuple)):
        return next((item for item in output if isinstance(item, torch.Tensor)), None)
    return None


def _sensitive(module: torch.nn.Module) -> tuple[list[str], list[str]]:
    """The kinds of layers for which the mode matters: all of them, and those in training mode."""
    every: set[str] = set()
    training: set[str] = set()
    for part in module.modules():
        if isinstance(part, _MODE_SENSITIVE):
            if isinstance(part, torch.nn.modules.dropout._DropoutNd) and not part.p:
                continue
            if isinstance(part, torch.nn.modules.batchnorm._BatchNorm) and part.running_mean is None:
                continue
            every.add(type(part).__name__)
            if part.training:
                training.add(type(part).__name__)
    return sorted(every), sorted(training)
