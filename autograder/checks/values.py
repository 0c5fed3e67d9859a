"""Comparing what a submission returned with what was expected: types, shapes, dtypes, then numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy
import torch

from autograder.checks.wording import kind, number, shape, shown
from autograder.errors import CheckFailure

_REPORTED = 4
"""Differences that are listed one by one; the rest are counted."""


def assert_values(
    got: Any,
    expected: Any,
    *,
    atol: float,
    rtol: float = 0.0,
    names: Sequence[str] | None = None,
    what: str = "",
) -> None:
    """Passes if ``got`` has the types, the structure and (within tolerance) the numbers of ``expected``.

    Works on floats, ints, texts, tensors, arrays and any nesting of tuples, lists and dicts. NaN equals NaN and
    an infinity equals itself. ``names`` name the entries of the outermost tuple. Raises CheckFailure.
    """
    problems: list[tuple[str, str]] = []
    _compare(got, expected, "", atol, rtol, names, problems)
    if not problems:
        return
    lines = [_sentence(what, place, said.split(_SECRET, 1)[0]) for place, said in problems[:_REPORTED]]
    more = len(problems) - _REPORTED
    if more > 0:
        lines.append(f"… and {more} more difference{'s' if more > 1 else ''}.")
    reveal = "\n".join(said.split(_SECRET, 1)[1] for _, said in problems[:_REPORTED] if _SECRET in said)
    raise CheckFailure("\n".join(lines), reveal=reveal)


def assert_tensor(got: Any, *, shape: tuple[int, ...], dtype: torch.dtype = torch.float32, what: str = "") -> None:
    """Passes if ``got`` is a tensor of exactly that shape and dtype."""
    name = f"`{what}`" if what else "The result"
    if not isinstance(got, torch.Tensor):
        raise CheckFailure(f"{name} should be a tensor of shape {shape}, but it is {kind(got)}.")
    if tuple(got.shape) != shape:
        raise CheckFailure(f"{name} should have the shape {shape}, but it has {tuple(got.shape)}.")
    if got.dtype != dtype:
        raise CheckFailure(f"{name} should be of dtype {dtype}, but it is {got.dtype}.")


def assert_history(got: Any, *, length: int, what: str = "") -> None:
    """Passes if ``got`` is a list of exactly ``length`` Python floats."""
    name = f"`{what}`" if what else "The history"
    if type(got) is not list:
        raise CheckFailure(f"{name} should be a list of floats, but it is {kind(got)}.")
    if len(got) != length:
        raise CheckFailure(f"{name} should have {length} entries, one per step, but it has {len(got)}.")
    for index, entry in enumerate(got):
        if type(entry) is not float:
            raise CheckFailure(
                f"{name} should hold Python floats, but entry {index} is {kind(entry)}. Use `.item()` when you append."
            )


_SECRET = "\0"
"""Separates, inside one problem, what everybody may read from what holds the expected value."""


def _sentence(what: str, place: str, said: str) -> str:
    if place:
        return f"In the result{f' of `{what}`' if what else ''}, {place} is {said}"
    return f"`{what}` returned {said}" if what else f"The result is {said}"


def _with_kind(value: Any) -> str:
    """The value and what sort of thing it is, said once."""
    return kind(value) if value is None or isinstance(value, (list, tuple, dict)) else f"{shown(value)}, {kind(value)}"


def _the(place: str) -> str:
    return f"{place}: " if place else ""


def _compare(
    got: Any,
    expected: Any,
    place: str,
    atol: float,
    rtol: float,
    names: Sequence[str] | None,
    problems: list[tuple[str, str]],
) -> None:
    if isinstance(expected, (tuple, list)):
        _compare_sequence(got, expected, place, atol, rtol, names, problems)
    elif isinstance(expected, dict):
        _compare_dict(got, expected, place, atol, rtol, problems)
    elif isinstance(expected, torch.Tensor):
        _compare_tensor(got, expected, place, atol, rtol, problems)
    elif isinstance(expected, numpy.ndarray):
        found = torch.from_numpy(got.copy()) if isinstance(got, numpy.ndarray) else got
        _compare_tensor(found, torch.from_numpy(expected.copy()), place, atol, rtol, problems)
    elif type(expected) is float:
        _compare_float(got, expected, place, atol, rtol, problems)
    elif type(got) is not type(expected):
        wanted = "None" if expected is None else kind(expected)
        problems.append((place, f"{_with_kind(got)}, where {wanted} was asked for."))
    elif got != expected:
        problems.append((place, f"{shown(got)}, which is not right.{_SECRET}{_the(place)}expected {shown(expected)}"))


def _compare_sequence(
    got: Any,
    expected: Sequence[Any],
    place: str,
    atol: float,
    rtol: float,
    names: Sequence[str] | None,
    problems: list[tuple[str, str]],
) -> None:
    wanted = "a tuple" if isinstance(expected, tuple) else "a list"
    parts = f" ({', '.join(names)})" if names else ""
    if type(got) is not type(expected):
        problems.append((place, f"{kind(got)}, where {wanted} of {len(expected)} values{parts} was asked for."))
        return
    if len(got) != len(expected):
        problems.append((place, f"{len(got)} values, where {len(expected)} were asked for{parts}."))
        return
    for index, (one, other) in enumerate(zip(got, expected, strict=True)):
        label = names[index] if names else f"{place}[{index}]" if place else f"entry {index}"
        _compare(one, other, label, atol, rtol, None, problems)


def _compare_dict(
    got: Any, expected: dict[Any, Any], place: str, atol: float, rtol: float, problems: list[tuple[str, str]]
) -> None:
    if type(got) is not dict:
        problems.append((place, f"{kind(got)}, where a dict was asked for."))
        return
    lacking = [key for key in expected if key not in got]
    extra = [key for key in got if key not in expected]
    if lacking:
        problems.append((place, f"a dict without the key {shown(lacking[0])}."))
    elif extra:
        problems.append((place, f"a dict with the additional key {shown(extra[0])}."))
    for key in expected:
        if key in got:
            _compare(got[key], expected[key], f"{place}[{shown(key)}]", atol, rtol, None, problems)


def _compare_float(
    got: Any, expected: float, place: str, atol: float, rtol: float, problems: list[tuple[str, str]]
) -> None:
    if type(got) is not float:
        advice = " Use `.item()`." if isinstance(got, (torch.Tensor, numpy.ndarray)) else ""
        problems.append((place, f"{_with_kind(got)}, where a Python float was asked for.{advice}"))
        return
    if _close(got, expected, atol, rtol):
        return
    if math.isnan(got):
        said = "nan (not a number), where a number was asked for."
    elif math.isinf(got):
        said = f"{got}, where a finite number was asked for."
    else:
        said = f"{number(got)}, which is not right."
    if not math.isfinite(expected):
        said = f"{number(got)}, where another value was asked for."
    difference = f", difference {number(got - expected)}" if math.isfinite(got - expected) else ""
    reveal = f"{_the(place)}got {number(got)}, expected {number(expected)}{difference} (tolerance {atol:g})"
    problems.append((place, said + _SECRET + reveal))


def _compare_tensor(
    got: Any, expected: torch.Tensor, place: str, atol: float, rtol: float, problems: list[tuple[str, str]]
) -> None:
    if not isinstance(got, torch.Tensor):
        problems.append((place, f"{_with_kind(got)}, where a tensor was asked for."))
        return
    if got.shape != expected.shape:
        problems.append((place, f"a tensor of shape {shape(got)}, where shape {shape(expected)} was asked for."))
        return
    if got.dtype != expected.dtype:
        problems.append((place, f"a tensor of dtype {got.dtype}, where {expected.dtype} was asked for."))
        return
    if got.is_complex():
        wrong = ~torch.isclose(got, expected, atol=atol, rtol=rtol, equal_nan=True)
    elif got.is_floating_point():
        wrong = ~torch.isclose(got.double(), expected.double(), atol=atol, rtol=rtol, equal_nan=True)
    else:
        wrong = got != expected
    count = int(wrong.sum())
    if not count:
        return
    index = tuple(int(i) for i in wrong.nonzero()[0])
    spot = f"at {list(index)}" if index else "there"
    value, other = got[index].item(), expected[index].item()
    reveal = f"{_the(place)}{spot}: got {number(value)}, expected {number(other)} (tolerance {atol:g})"
    said = f"a tensor in which {count} of {got.numel()} values are off; first {spot}: {number(value)}."
    problems.append((place, said + _SECRET + reveal))


def _close(got: float, expected: float, atol: float, rtol: float) -> bool:
    if math.isnan(expected) or math.isinf(expected):
        return (math.isnan(got) and math.isnan(expected)) or got == expected
    return abs(got - expected) <= atol + rtol * abs(expected)
