"""Values in words: how a number, a tensor or anything else is shown to a student."""

from __future__ import annotations

from typing import Any

import numpy
import torch

from autograder.bridge.handle import Handle
from autograder.bridge.naming import NOTHING

_SHOWN_ITEMS = 6
_SHOWN_CHARACTERS = 120
_SHOWN_NAME = 60
_FUNCTIONS = frozenset({"function", "builtin_function_or_method", "method", "method-wrapper"})
_LAZY = frozenset({"map", "filter", "zip", "enumerate", "reversed"})


def number(value: Any) -> str:
    """A number with as many digits as a reader needs; other values by :func:`shown`."""
    if type(value) is float:
        return f"{value:.6g}"
    return shown(value)


def shown(value: Any) -> str:
    """A short form of any plain value."""
    if type(value) is float:
        return number(value)
    if isinstance(value, torch.Tensor):
        if value.numel() == 1:
            return f"tensor of shape {shape(value)} holding {number(value.item())}"
        return f"{_dtype(value)} tensor of shape {shape(value)}"
    if isinstance(value, numpy.ndarray):
        held = f" holding {number(value.item())}" if value.size == 1 else ""
        return f"NumPy array of shape {tuple(value.shape)}{held}"
    if isinstance(value, (list, tuple)) and len(value) <= _SHOWN_ITEMS:
        inner = ", ".join(shown(item) for item in value)
        text = f"[{inner}]" if isinstance(value, list) else f"({inner}{',' if len(value) == 1 else ''})"
        if len(text) <= _SHOWN_CHARACTERS:
            return text
    if isinstance(value, (list, tuple, dict)):
        count = f"{len(value)} {'entry' if len(value) == 1 else 'entries'}"
        return f"a {_sort(value)} with {count}" if value else "{}"
    if isinstance(value, Handle):
        return kind(value)
    text = repr(value)
    return text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…"


def kind(value: Any) -> str:
    """What sort of thing a value is, with its article."""
    if value is None:
        return NOTHING
    if isinstance(value, torch.Tensor):
        return "a tensor"
    if isinstance(value, numpy.ndarray):
        return "a NumPy array" if value.ndim else "a NumPy value"
    if isinstance(value, Handle):
        return _object(value._type_name)
    if isinstance(value, (list, tuple, dict)) and not value:
        return f"an empty {_sort(value)}"
    if isinstance(value, tuple) and len(value) == 1:
        return "a tuple with one value (is there a comma too many?)"
    names = {
        bool: "a bool",
        int: "an int",
        float: "a float",
        complex: "a complex number",
        str: "a text",
        bytes: "a bytes object",
        list: "a list",
        tuple: "a tuple",
        dict: "a dict",
    }
    return names.get(type(value), f"an object of type `{type(value).__name__[:_SHOWN_NAME]}`")


def shape(value: torch.Tensor) -> str:
    """The shape as a plain tuple."""
    return str(tuple(value.shape))


def _object(type_name: str) -> str:
    """An object of the student's process, of which only the type's name is known."""
    name = type_name[:_SHOWN_NAME].replace("`", "'")
    if name in _FUNCTIONS:
        return "a function (is it called, with `()`?)"
    if name in _LAZY:
        return f"a `{name}` object, which holds no values yet"
    plain = {
        "set": "a set",
        "complex": "a complex number",
        "type": "a class",
        "generator": "a generator, which holds no values yet",
    }
    return plain.get(name, f"an object of type `{name}`")


def _sort(value: list[Any] | tuple[Any, ...] | dict[Any, Any]) -> str:
    return "list" if isinstance(value, list) else "tuple" if isinstance(value, tuple) else "dict"


def _dtype(value: torch.Tensor) -> str:
    return str(value.dtype).removeprefix("torch.")
