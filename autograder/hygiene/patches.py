"""Watched replacements of the few torch functions that no hook and no mode can see."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import torch
from torch._functorch import eager_transforms
from torch.utils import _pytree

from autograder.hygiene.custom import check_function
from autograder.hygiene.events import NO_GRADIENT, SOME_GRADIENT, Backward, Place, Reached, Seed, Switch, Value
from autograder.hygiene.flows import TENSORS, Flow
from autograder.hygiene.notes import Notes, state_of_value, value_of
from autograder.hygiene.tracing import came_back

_PLAIN = frozenset({int, float}) | TENSORS
_POWER = torch._C.TensorBase.pow
_SWITCHES = (
    (torch, "set_default_dtype", "dtype"),
    (torch, "set_num_threads", "threads"),
    (torch, "use_deterministic_algorithms", "deterministic"),
    (torch.autograd, "set_detect_anomaly", "anomaly"),
)


class Patches:
    """Replaces functions for the time of a recording; ``undo`` puts every one of them back."""

    def __init__(
        self,
        notes: Notes,
        quiet: Callable[[Callable[[], Any]], Any],
        window_over: Callable[[int], bool],
        transforming: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self.notes = notes
        self.window_over = window_over
        self.transforming = transforming
        self._transforming = False
        self.quiet = quiet
        """Runs something with the watch off, or returns None if the watch is not on top."""
        self._replaced: list[tuple[Any, str, Any, Any]] = []

    def apply(self) -> None:
        """Replace."""
        self._direct_power()
        seed = functools.wraps(torch.manual_seed)(functools.partial(self._manual_seed, torch.manual_seed))
        for owner in (torch, torch.random):
            self.replace(owner, "manual_seed", seed)
        for owner, name, what in _SWITCHES:
            original = getattr(owner, name)
            self.replace(owner, name, functools.wraps(original, updated=())(self._switch(original, what)))
        for name in ("grad_impl", "grad_and_value_impl"):
            original = getattr(eager_transforms, name)
            self.replace(eager_transforms, name, self._functional(original, name == "grad_and_value_impl"))
        self.replace(torch, "from_numpy", functools.wraps(torch.from_numpy)(self._from_numpy(torch.from_numpy)))
        self.replace(torch.optim.Optimizer, "__init__", self._optimizer(torch.optim.Optimizer.__init__))
        self.replace(torch.autograd.Function, "apply", self._custom(torch.autograd.Function.__dict__["apply"]))

    def _direct_power(self) -> None:
        """``x ** 2`` without the detour that torch makes in Python as soon as there is a function mode."""
        original = torch.Tensor.__pow__

        @functools.wraps(original)
        def power(base: torch.Tensor, exponent: Any) -> Any:
            return _POWER(base, exponent) if type(exponent) in _PLAIN else original(base, exponent)

        self.replace(torch.Tensor, "__pow__", power)

    def replace(self, owner: Any, name: str, new: Any) -> None:
        """Replace one attribute."""
        self._replaced.append((owner, name, owner.__dict__[name], new))
        setattr(owner, name, new)

    def put_back(self, owner: Any, name: str) -> bool:
        """Put one attribute back now, if it is still ours."""
        for entry in self._replaced:
            if entry[:2] == (owner, name) and owner.__dict__.get(name) is entry[3]:
                self._replaced.remove(entry)
                setattr(owner, name, entry[2])
                return True
        return False

    def undo(self) -> list[str]:
        """Put everything back; the names of what somebody else had replaced meanwhile."""
        changed = []
        while self._replaced:
            owner, name, original, new = self._replaced.pop()
            # torch itself wraps manual_seed again when it is first compiled for; that is no tampering.
            if owner.__dict__.get(name) is not new and name in ("backward", "grad"):
                changed.append(f"{owner.__name__}.{name} was replaced during the run")
            setattr(owner, name, original)
        return changed

    def _manual_seed(self, original: Callable[[Any], Any], seed: Any) -> Any:
        notes = self.notes
        if not notes.closed:
            notes.emit(Seed(notes.step + int(notes.updated), notes.place(), int(seed) % (1 << 63)))
        return original(seed)

    def _note_seed(self, place: Place, seed: Any) -> None:
        self.notes.emit(Seed(self.notes.step + int(self.notes.updated), place, int(seed) % (1 << 63)))

    def _switch(self, original: Callable[..., Any], what: str) -> Callable[..., Any]:
        def switch(*args: Any, **kwargs: Any) -> Any:
            notes = self.notes
            if not notes.closed:
                notes.emit(Switch(notes.step, notes.place(), what))
            return original(*args, **kwargs)

        return switch

    def _from_numpy(self, original: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def from_numpy(array: Any) -> Any:
            out = original(array)
            if not self.notes.closed:
                self.notes.guarded(came_back, self.notes, array, out)
            return out

        return from_numpy

    def _optimizer(self, original: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(original)
        def made(optimizer: Any, *args: Any, **kwargs: Any) -> None:
            if not self.notes.closed:
                self.notes.made[optimizer] = self.notes.place()
            original(optimizer, *args, **kwargs)

        return made

    def _functional(self, original: Callable[..., Any], with_value: bool) -> Callable[..., Any]:
        """``torch.func.grad`` and ``grad_and_value``."""

        @functools.wraps(original)
        def functional(func: Any, argnums: Any, has_aux: bool, args: Any, kwargs: Any) -> Any:
            nested = self._transforming or torch._C._functorch.maybe_current_level() is not None
            if self.notes.closed or nested:
                return original(func, argnums, has_aux, args, kwargs)
            self._transforming = True
            try:
                with self.transforming():
                    result = original(func, argnums, has_aux, args, kwargs)
            finally:
                self._transforming = False
            note = functools.partial(self._note_functional, result, argnums, has_aux, with_value, args)
            self.quiet(lambda: self.notes.guarded(note))
            return result

        return functional

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
        slots = [notes.slot(leaf) for leaf in leaves]
        if notes.updated:
            notes.next_step()
            if self.window_over(notes.step):
                notes.closed = True
                return
        notes.flows.prune()
        notes.number += 1
        value = value_of(loss) if isinstance(loss, torch.Tensor) and loss.numel() == 1 else None
        if value is not None:
            notes.losses.append(value.numbers[0])
        event = Backward(notes.step, notes.place(), notes.number, True, value, [], [], [])
        for slot, leaf, gradient in zip(slots, leaves, made):
            numbers = value_of(gradient)
            slot.reads += 1
            slot.backward = notes.number
            notes.flows.put(gradient, Flow({slot.index: (notes.number, slot.reads)}))
            event.reached.append(
                Reached(
                    slot.index, NO_GRADIENT, False, value_of(leaf) or Value([], []), None, numbers,
                    SOME_GRADIENT if numbers is None else state_of_value(numbers),
                )
            )  # fmt: skip
        notes.emit(event)

    def _custom(self, original: Any) -> Any:
        """``Function.apply``: the backward of a student's Function is compared with finite differences once."""
        notes = self.notes
        bound = original.__func__ if isinstance(original, classmethod) else original

        def apply(cls: Any, *args: Any, **kwargs: Any) -> Any:
            call = bound.__get__(None, cls) if isinstance(original, classmethod) else original.__get__(None, cls)
            if not notes.closed and not kwargs and notes.files.defines(cls):
                place = notes.place()
                if not notes.often("custom" + cls.__name__, place, 2):
                    self.quiet(lambda: check_function(notes, cls, call, args, place))
            return call(*args, **kwargs)

        return classmethod(apply)
