"""Values in words: how a number, a tensor or anything else is shown to a student."""

from __future__ import annotations

from typing import Any

import numpy
import torch

_SHOWN_ITEMS = 6
_SHOWN_CHARACTERS = 120


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
            return f"tensor of shape {shape(value)} holding {number(float(value.real))}"
        return f"{_dtype(value)} tensor of shape {shape(value)}"
    if isinstance(value, numpy.ndarray):
        return f"NumPy array of shape {tuple(value.shape)}"
    if isinstance(value, (list, tuple)) and len(value) <= _SHOWN_ITEMS:
        inner = ", ".join(shown(item) for item in value)
        return f"[{inner}]" if isinstance(value, list) else f"({inner})"
    if isinstance(value, (list, tuple, dict)):
        return f"{kind(value)} with {len(value)} entries"
    text = repr(value)
    return text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…"


def kind(value: Any) -> str:
    """What sort of thing a value is, with its article."""
    if value is None:
        return "None (is a `return` missing?)"
    if isinstance(value, torch.Tensor):
        return "a tensor"
    if isinstance(value, numpy.ndarray):
        return "a NumPy value"
    names = {
        bool: "a bool",
        int: "an int",
        float: "a float",
        str: "a text",
        list: "a list",
        tuple: "a tuple",
        dict: "a dict",
    }
    return names.get(type(value), f"an object ({value!r})"[:_SHOWN_CHARACTERS])


def shape(value: torch.Tensor) -> str:
    """The shape as a plain tuple."""
    return str(tuple(value.shape))


def _dtype(value: torch.Tensor) -> str:
    return str(value.dtype).removeprefix("torch.")
