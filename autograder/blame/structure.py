"""What an answer is made of, without its numbers: types, lengths, shapes, keys."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy
import torch

from autograder.bridge.handle import Handle
from autograder.checks.wording import kind, shape

_MOST_PARTS = 2_000
"""Of one answer: beyond, parts are not looked at."""
_MOST_DEPTH = 12
_LONGEST_KEY = 60
_NUMBERS = frozenset({"bool", "int", "float"})
_SEQUENCES = frozenset({"list", "tuple"})


@dataclass(frozen=True)
class Structure:
    """The type of a value, its size, and the structure of what is in it."""

    kind: str
    words: str
    """For a reader: ``a tuple of 3 values``."""
    size: tuple[int, ...] | None = None
    detail: str = ""
    """The dtype of a tensor, or what the worker calls the type of an object."""
    keys: tuple[Hashable, ...] = ()
    parts: tuple[Structure, ...] = ()


@dataclass(frozen=True)
class Difference:
    """One place at which two structures part."""

    place: str
    got: str
    wanted: str
    marks: tuple[str, ...] = ()
    """Set where the two are so near that checks seldom tell them apart (a list, a tuple): the words of Python's
    message that show that this one did."""


def structure(value: Any) -> Structure:
    """The structure of an answer of a submission or of the reference."""
    return _structure(value, 0, [_MOST_PARTS])


def differences(got: Structure, wanted: Structure, place: str = "") -> Iterator[Difference]:
    """Where ``got`` is made otherwise than ``wanted``, from the outside in."""
    if got.kind != wanted.kind:
        near = got.kind in _NUMBERS and wanted.kind in _NUMBERS
        near = near or (got.kind in _SEQUENCES and wanted.kind in _SEQUENCES and got.size == wanted.size)
        yield Difference(place, got.words, wanted.words, (got.kind,) if near else ())
        if got.kind not in _SEQUENCES or not near:
            return
    elif got.size != wanted.size:
        yield Difference(place, got.words, wanted.words)
        return
    elif got.detail != wanted.detail:
        yield Difference(place, _detailed(got), _detailed(wanted), _marks(got))
        return
    if got.kind == "dict":
        yield from _dict_differences(got, wanted, place)
        return
    for index, (one, other) in enumerate(zip(got.parts, wanted.parts, strict=False)):
        if got.kind == "recording" and one.kind == "NoneType" != other.kind:
            yield Difference(place, "nothing while it was recorded (no `return`, or an error before it)", other.words)
            continue
        label = place if got.kind == "recording" else f"{place}[{index}]" if place else f"entry {index}"
        yield from differences(one, other, label)


def _dict_differences(got: Structure, wanted: Structure, place: str) -> Iterator[Difference]:
    if missing := [key for key in wanted.keys if key not in got.keys]:
        yield Difference(place, f"a dict without the key {_shown(missing[0])}", "that key")
        return
    if extra := [key for key in got.keys if key not in wanted.keys]:
        marks = ("too many", str(extra[0]))
        yield Difference(place, f"a dict with the key {_shown(extra[0])}", "a dict without it", marks)
    parts = dict(zip(got.keys, got.parts, strict=False))
    for key, other in zip(wanted.keys, wanted.parts, strict=False):
        if key in parts:
            yield from differences(
                parts[key], other, f"{place}[{_shown(key)}]" if place else f"the entry {_shown(key)}"
            )


def _shown(key: Hashable) -> str:
    text = repr(key)
    return text if len(text) <= _LONGEST_KEY else f"{text[:_LONGEST_KEY]}…"


def _structure(value: Any, depth: int, room: list[int]) -> Structure:
    room[0] -= 1
    name = type(value).__name__
    if isinstance(value, Handle):
        return Structure("object", f"an object of type {value._type_name[:60]}", detail=value._type_name)
    if isinstance(value, torch.Tensor):
        return Structure("tensor", f"a tensor of shape {shape(value)}", tuple(value.shape), str(value.dtype))
    if isinstance(value, numpy.ndarray):
        words = f"a NumPy array of shape {tuple(value.shape)}"
        return Structure("array", words, tuple(value.shape), str(value.dtype))
    if isinstance(value, (list, tuple)):
        parts = _parts(value, depth, room)
        return Structure(name, _counted(name, len(value), "value"), (len(value),), parts=parts)
    if isinstance(value, dict):
        keys = tuple(value)[: max(room[0], 0)]
        parts = _parts(list(value.values()), depth, room)
        return Structure("dict", _counted("dict", len(value), "entry"), keys=keys, parts=parts)
    losses = getattr(value, "losses", None)
    if isinstance(losses, list):  # a recording: what was called, and how often it called backward
        parts = (_structure(value.value, depth + 1, room),) if hasattr(value, "value") else ()
        passes = len(losses)
        words = f"{passes} backward pass" + ("" if passes == 1 else "es")
        return Structure("recording", words, (passes,), parts=parts)
    return Structure(name, kind(value))


def _parts(values: Any, depth: int, room: list[int]) -> tuple[Structure, ...]:
    if depth >= _MOST_DEPTH:
        return ()
    found = []
    for value in values:
        if room[0] <= 0:
            break
        found.append(_structure(value, depth + 1, room))
    return tuple(found)


def _counted(name: str, count: int, noun: str) -> str:
    if not count:
        return f"an empty {name}"
    several = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"a {name} of {count} {noun if count == 1 else several}"


def _detailed(found: Structure) -> str:
    return found.words if found.kind == "object" else f"{found.words} and dtype {found.detail}"


_TENSOR_TYPES = {
    "float64": "Double",
    "float32": "Float",
    "float16": "Half",
    "int64": "Long",
    "int32": "Int",
    "bool": "Bool",
}


def _marks(got: Structure) -> tuple[str, ...]:
    if got.kind == "object":
        return (got.detail,)
    dtype = got.detail.removeprefix("torch.")
    return ("dtype", dtype, *((_TENSOR_TYPES[dtype],) if dtype in _TENSOR_TYPES else ()))
