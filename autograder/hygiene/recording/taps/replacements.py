"""Watched replacements of the few torch functions that no hook and no mode can see."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, NamedTuple

import torch
from torch._functorch import eager_transforms
from torch.utils import _pytree

from autograder.hygiene.recording.effects.custom_functions import check_function
from autograder.hygiene.recording.effects.rewraps import came_back
from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.recording.sources.flows import TENSORS, Flow
from autograder.hygiene.recording.sources.values import state_of_value, value_of
from autograder.hygiene.trace.events import NO_GRADIENT, SOME_GRADIENT, Backward, Reached, Seed, Switch, Value
from autograder.hygiene.trace.window import Window

_PLAIN = frozenset({int, float}) | TENSORS
_POWER = torch._C.TensorBase.pow


class Replacement(NamedTuple):
    """An attribute, what it was, and what stands in for it."""

    owner: Any
    name: str
    original: Any
    new: Any


class Patches:
    """Replaces functions for the time of a recording; ``undo`` puts every one of them back."""

    def __init__(
        self,
        notes: Notes,
        quiet: Callable[[Callable[[], Any]], Any],
        window: Window,
        transforming: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self.notes = notes
        self.window = window
        self.transforming = transforming
        self._transforming = False
        self.quiet = quiet
        """Runs something with the watch off, or returns None if the watch is not on top."""
        self._replaced: list[Replacement] = []

    def apply(self) -> None:
        """Replace what all recordings replace, or join the recording that has done so."""
        if not _active:
            for position, (owner, name, original, new) in enumerate(_made or _NOTHING_YET):
                current = owner.__dict__[name]
                if current is not original:
                    new = _SHARED[position][2](current)
                setattr(owner, name, new)
                _shared.append(Replacement(owner, name, current, new))
            _made[:] = _shared
        _active.append(self)

    def replace(self, owner: Any, name: str, new: Any) -> None:
        """Replace one attribute for this recording alone."""
        self._replaced.append(Replacement(owner, name, owner.__dict__[name], new))
        setattr(owner, name, new)

    def exchange(self, owner: Any, name: str, make: Callable[[Any], Any] | None) -> None:
        """Put another replacement, made from the original, in the place of ours (None: the original itself).

        Only if ours is still there.
        """
        for position, entry in enumerate(self._replaced):
            if entry.owner is owner and entry.name == name and owner.__dict__.get(name) is entry.new:
                if make is None:
                    del self._replaced[position]
                    setattr(owner, name, entry.original)
                else:
                    self._replaced[position] = Replacement(owner, name, entry.original, make(entry.original))
                    setattr(owner, name, self._replaced[position].new)
                return

    def undo(self) -> list[str]:
        """Put everything back; the names of what somebody else had replaced meanwhile."""
        changed = []
        while self._replaced:
            owner, name, original, new = self._replaced.pop()
            if owner.__dict__.get(name) is not new:
                changed.append(f"{owner.__name__}.{name} was replaced during the run")
            setattr(owner, name, original)
        if self in _active:
            _active.remove(self)
            while _shared and not _active:
                # Whoever has replaced one of these meanwhile (torch itself wraps manual_seed again when it is first
                # compiled for) did not tamper with the recording.
                owner, name, original, _ = _shared.pop()
                setattr(owner, name, original)
        return changed

    # -- what the replacements tell each recording ----------------------------------------------------------------

    def seeded(self, seed: Any) -> None:
        """``torch.manual_seed`` is called."""
        notes = self.notes
        if not notes.events.closed:
            notes.events.emit(
                Seed(notes.steps.number + int(notes.steps.updated), notes.lines.running(), int(seed) % (1 << 63))
            )

    def switched(self, what: str) -> None:
        """A global switch is set."""
        notes = self.notes
        if not notes.events.closed:
            notes.events.emit(Switch(notes.steps.number, notes.lines.running(), what))

    def from_numpy(self, array: Any, out: Any) -> None:
        """A tensor was made of an array."""
        if not self.notes.events.closed:
            came_back(self.notes, array, out)

    def optimizer(self, optimizer: Any) -> None:
        """An optimizer is made, or gets another group of parameters."""
        notes = self.notes
        if not notes.events.closed:
            notes.origins.put_optimizer(optimizer, notes.lines.running())

    def custom(self, function: Any, call: Callable[..., Any], args: Sequence[Any]) -> None:
        """``Function.apply``: the backward of a student's Function is compared with finite differences once."""
        notes = self.notes
        if not notes.events.closed and notes.files.defines(function):
            place = notes.lines.running()
            if not notes.events.often("custom" + function.__name__, place, 2):
                self.quiet(lambda: check_function(notes, function, call, args, place))

    def functional(
        self, run: Callable[[], Any], argnums: Any, has_aux: bool, with_value: bool, args: Sequence[Any]
    ) -> Any:
        """``torch.func.grad`` and ``grad_and_value``."""
        nested = self._transforming or torch._C._functorch.maybe_current_level() is not None
        if self.notes.events.closed or nested:
            return run()
        self._transforming = True
        try:
            with self.transforming():
                result = run()
        finally:
            self._transforming = False
        note = functools.partial(self._note_functional, result, argnums, has_aux, with_value, args)
        self.quiet(lambda: self.notes.errors.guarded(note))
        return result

    def _note_functional(self, result: Any, argnums: Any, has_aux: bool, with_value: bool, args: Sequence[Any]) -> None:
        gradients = result[0] if with_value or has_aux else result
        loss = result[1] if with_value else None
        if isinstance(loss, tuple):
            loss = loss[0]
        chosen = args[argnums] if isinstance(argnums, int) else tuple(args[index] for index in argnums)
        leaves, made = _pytree.tree_flatten(chosen)[0], _pytree.tree_flatten(gradients)[0]
        if len(leaves) != len(made) or not all(type(item) in TENSORS for item in (*leaves, *made)):
            return
        notes = self.notes
        slots = [notes.leaves.slot(leaf) for leaf in leaves]
        if notes.steps.updated:
            notes.updates.next_step()
            if not self.window.holds(notes.steps.number):
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


# -- the replacements: made once, they tell every recording that is open -----------------------------------------------

_active: list[Patches] = []
_shared: list[Replacement] = []
"""What is replaced now."""
_made: list[Replacement] = []
"""What was replaced the last time: making replacements costs more than putting them in."""


def _power(original: Any) -> Any:
    """``x ** 2`` without the detour that torch makes in Python as soon as there is a function mode."""

    @functools.wraps(original)
    def power(base: torch.Tensor, exponent: Any) -> Any:
        return _POWER(base, exponent) if type(exponent) in _PLAIN else original(base, exponent)

    return power


def _manual_seed(original: Any) -> Any:
    @functools.wraps(original)
    def manual_seed(seed: Any) -> Any:
        for patches in _active:
            patches.notes.errors.guarded(patches.seeded, seed)
        return original(seed)

    return manual_seed


def _switch(what: str) -> Callable[[Any], Any]:
    def make(original: Any) -> Any:
        @functools.wraps(original, updated=())
        def switch(*args: Any, **kwargs: Any) -> Any:
            for patches in _active:
                patches.notes.errors.guarded(patches.switched, what)
            return original(*args, **kwargs)

        return switch

    return make


def _from_numpy(original: Any) -> Any:
    @functools.wraps(original)
    def from_numpy(array: Any) -> Any:
        out = original(array)
        for patches in _active:
            patches.notes.errors.guarded(patches.from_numpy, array, out)
        return out

    return from_numpy


def _optimizer(original: Any) -> Any:
    """Every optimizer adds its parameters while it is made; replacing ``__init__`` costs more, for it has a slot."""

    @functools.wraps(original)
    def add_param_group(optimizer: Any, *args: Any, **kwargs: Any) -> Any:
        for patches in _active:
            patches.notes.errors.guarded(patches.optimizer, optimizer)
        return original(optimizer, *args, **kwargs)

    return add_param_group


def _functional(with_value: bool) -> Callable[[Any], Any]:
    def make(original: Any) -> Any:
        @functools.wraps(original)
        def functional(func: Any, argnums: Any, has_aux: bool, args: Any, kwargs: Any) -> Any:
            run: Callable[[], Any] = functools.partial(original, func, argnums, has_aux, args, kwargs)
            for patches in _active:
                run = functools.partial(patches.functional, run, argnums, has_aux, with_value, args)
            return run()

        return functional

    return make


def _custom(original: Any) -> Any:
    bound = original.__func__ if isinstance(original, classmethod) else original

    def apply(cls: Any, *args: Any, **kwargs: Any) -> Any:
        call = bound.__get__(None, cls) if isinstance(original, classmethod) else original.__get__(None, cls)
        if not kwargs:
            for patches in _active:
                patches.notes.errors.guarded(patches.custom, cls, call, args)
        return call(*args, **kwargs)

    return classmethod(apply)


_SHARED: tuple[tuple[Any, str, Callable[[Any], Any]], ...] = (
    (torch.Tensor, "__pow__", _power),
    (torch, "manual_seed", _manual_seed),
    (torch.random, "manual_seed", _manual_seed),
    (torch, "set_default_dtype", _switch("dtype")),
    (torch, "set_num_threads", _switch("threads")),
    (torch, "use_deterministic_algorithms", _switch("deterministic")),
    (torch.autograd, "set_detect_anomaly", _switch("anomaly")),
    (eager_transforms, "grad_impl", _functional(False)),
    (eager_transforms, "grad_and_value_impl", _functional(True)),
    (torch, "from_numpy", _from_numpy),
    (torch.optim.Optimizer, "add_param_group", _optimizer),
    (torch.autograd.Function, "apply", _custom),
)
_NOTHING_YET = [Replacement(owner, name, None, None) for owner, name, _ in _SHARED]
