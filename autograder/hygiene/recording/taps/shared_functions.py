"""Replacements of the few torch functions that no hook and no mode can see: made once, for all recordings."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import torch
from torch._functorch import eager_transforms

from autograder.hygiene.recording.sources.flows import TENSORS
from autograder.hygiene.recording.taps.listener import Listener
from autograder.hygiene.recording.taps.replacements import Replacement

_PLAIN = frozenset({int, float}) | TENSORS
_POWER = torch._C.TensorBase.pow

_listeners: list[Listener] = []
"""Those of the recordings that are open; the replacements tell every one of them."""
_replaced: list[Replacement] = []
"""What is replaced now."""
_made: list[Replacement] = []
"""What was replaced the last time: making replacements costs more than putting them in."""


def listen(listener: Listener) -> None:
    """Tell this listener of every call, too; the first one has the functions replaced."""
    if not _listeners:
        for position, (owner, name, original, new) in enumerate(_made or _NOTHING_YET):
            current = owner.__dict__[name]
            if current is not original:
                new = _FUNCTIONS[position][2](current)
            setattr(owner, name, new)
            _replaced.append(Replacement(owner, name, current, new))
        _made[:] = _replaced
    _listeners.append(listener)


def leave(listener: Listener) -> None:
    """Tell this listener nothing more; after the last one, the functions are put back."""
    if listener in _listeners:
        _listeners.remove(listener)
        while _replaced and not _listeners:
            # Whoever has replaced one of these meanwhile (torch itself wraps manual_seed again when it is first
            # compiled for) did not tamper with the recording.
            owner, name, original, _ = _replaced.pop()
            setattr(owner, name, original)


def _power(original: Any) -> Any:
    """``x ** 2`` without the detour that torch makes in Python as soon as there is a function mode."""

    @functools.wraps(original)
    def power(base: torch.Tensor, exponent: Any) -> Any:
        return _POWER(base, exponent) if type(exponent) in _PLAIN else original(base, exponent)

    return power


def _manual_seed(original: Any) -> Any:
    @functools.wraps(original)
    def manual_seed(seed: Any) -> Any:
        for listener in _listeners:
            listener.notes.errors.guarded(listener.seeded, seed)
        return original(seed)

    return manual_seed


def _switch(what: str) -> Callable[[Any], Any]:
    def make(original: Any) -> Any:
        @functools.wraps(original, updated=())
        def switch(*args: Any, **kwargs: Any) -> Any:
            for listener in _listeners:
                listener.notes.errors.guarded(listener.switched, what)
            return original(*args, **kwargs)

        return switch

    return make


def _from_numpy(original: Any) -> Any:
    @functools.wraps(original)
    def from_numpy(array: Any) -> Any:
        out = original(array)
        for listener in _listeners:
            listener.notes.errors.guarded(listener.from_numpy, array, out)
        return out

    return from_numpy


def _optimizer(original: Any) -> Any:
    """Every optimizer adds its parameters while it is made; replacing ``__init__`` costs more, for it has a slot."""

    @functools.wraps(original)
    def add_param_group(optimizer: Any, *args: Any, **kwargs: Any) -> Any:
        for listener in _listeners:
            listener.notes.errors.guarded(listener.optimizer, optimizer)
        return original(optimizer, *args, **kwargs)

    return add_param_group


def _functional(with_value: bool) -> Callable[[Any], Any]:
    def make(original: Any) -> Any:
        @functools.wraps(original)
        def functional(func: Any, argnums: Any, has_aux: bool, args: Any, kwargs: Any) -> Any:
            run: Callable[[], Any] = functools.partial(original, func, argnums, has_aux, args, kwargs)
            for listener in _listeners:
                run = functools.partial(listener.functional.run, run, argnums, has_aux, with_value, args)
            return run()

        return functional

    return make


def _custom(original: Any) -> Any:
    bound = original.__func__ if isinstance(original, classmethod) else original

    def apply(cls: Any, *args: Any, **kwargs: Any) -> Any:
        call = bound.__get__(None, cls) if isinstance(original, classmethod) else original.__get__(None, cls)
        if not kwargs:
            for listener in _listeners:
                listener.notes.errors.guarded(listener.custom, cls, call, args)
        return call(*args, **kwargs)

    return classmethod(apply)


_FUNCTIONS: tuple[tuple[Any, str, Callable[[Any], Any]], ...] = (
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
_NOTHING_YET = [Replacement(owner, name, None, None) for owner, name, _ in _FUNCTIONS]
