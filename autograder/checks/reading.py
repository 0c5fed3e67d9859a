"""Reading numbers whatever types hold them, so that a wrong type costs one check and not all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy
import torch

from autograder.checks.wording import kind, shape
from autograder.errors import CheckFailure


def read_number(value: Any, what: str = "The result") -> float:
    """The number as a float: of a float, an int, or a tensor or array of one element.

    ``what`` begins the sentence of the CheckFailure that anything else raises.
    """
    number = _number(value)
    if number is None:
        raise CheckFailure(f"{what} should be a number, but it is {_described(value)}.")
    return number


def read_numbers(values: Any, what: str = "The result", *, names: Sequence[str] = ()) -> list[float]:
    """The numbers of a list, a tuple, or a tensor or array of one dimension, as floats.

    With ``names`` there must be exactly one number for each. Raises CheckFailure.
    """
    parts = read_parts(values, what, names=names, of="numbers")
    if isinstance(parts, numpy.ndarray):
        return [float(value) for value in parts]
    numbers = []
    for index, part in enumerate(parts):
        number = _number(part)
        if number is None:
            label = names[index] if names else f"entry {index}"
            raise CheckFailure(f"{what} should hold numbers, but {label} is {_described(part)}.")
        numbers.append(number)
    return numbers


def read_parts(value: Any, what: str = "The result", *, names: Sequence[str] = (), of: str = "values") -> Sequence[Any]:
    """The parts of a list, a tuple, or a tensor or array that has rows; with ``names`` exactly one part for each."""
    wanted = f"{len(names)} {of} ({', '.join(names)})" if names else f"a list of {of}"
    if isinstance(value, torch.Tensor) and value.dim() and not value.is_complex():
        value = value.detach().double().numpy()
    if isinstance(value, numpy.ndarray) and value.ndim and value.dtype.kind in "fiub":
        value = value if value.ndim == 1 and of == "numbers" else list(value)
    elif not isinstance(value, (list, tuple)):
        raise CheckFailure(f"{what} should be {wanted}, but it is {_described(value)}.")
    if names and len(value) != len(names):
        raise CheckFailure(f"{what} should be {wanted}, but there are {len(value)}.")
    parts: Sequence[Any] = value
    return parts


def _number(value: Any) -> float | None:
    if isinstance(value, (torch.Tensor, numpy.ndarray, numpy.generic)):
        one = value.numel() == 1 if isinstance(value, torch.Tensor) else value.size == 1
        value = value.item() if one else None
    if not isinstance(value, (int, float)):
        return None
    try:
        return float(value)
    except OverflowError:  # an int beyond every float
        return float("inf") if value > 0 else float("-inf")


def _described(value: Any) -> str:
    if isinstance(value, torch.Tensor):
        return f"a tensor of shape {shape(value)}"
    if isinstance(value, numpy.ndarray):
        return f"an array of shape {tuple(value.shape)}"
    return kind(value)
