"""Comparing what a submission returned with what was expected: types, shapes, dtypes, then numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy
import torch

from autograder.checks.causes import Cause, cause_of
from autograder.checks.wording import kind, number, shape, shown
from autograder.errors import CheckFailure

_REPORTED = 4
"""Differences that are listed one by one; the rest are counted."""

_NOT_RIGHT = ", which is not right."


class _Problem(NamedTuple):
    """One difference: ``place`` is (or the function returned) ``value``, and what is wrong with it."""

    place: str
    value: str
    wrong: str
    """How the sentence about the value goes on."""
    reveal: str = ""
    """What holds the expected value, for public checks only."""


def assert_values(
    got: Any,
    expected: Any,
    *,
    atol: float,
    rtol: float = 0.0,
    names: Sequence[str] | None = None,
    what: str = "",
    causes: Iterable[Cause] = (),
) -> None:
    """Passes if ``got`` has the types, the structure and (within tolerance) the numbers of ``expected``.

    Works on floats, ints, texts, tensors, arrays and any nesting of tuples, lists and dicts. NaN equals NaN and
    an infinity equals itself. ``names`` name the entries of the outermost tuple. Of ``causes``, the mistake
    that answers what the student did is told as the reason. Raises CheckFailure.
    """
    problems: list[_Problem] = []
    _compare(got, expected, "", atol, rtol, names, problems)
    if not problems:
        return
    told = problems[:_REPORTED]
    lines = list(_sentences(what, told))
    more = len(problems) - len(told)
    if more > 0:
        lines.append(f"… and {more} more difference{'s' if more > 1 else ''}.")
    if cause := cause_of(got, expected, causes, atol=atol, rtol=rtol):
        lines.append(cause)
    raise CheckFailure("\n".join(lines), reveal="\n".join(problem.reveal for problem in told if problem.reveal))


def assert_types(got: Any, like: Any, *, names: Sequence[str] | None = None, what: str = "") -> None:
    """Passes if ``got`` has the types and the structure of ``like``, whatever its numbers are.

    With :func:`~autograder.checks.read_numbers` in the checks of the numbers, a wrong type costs this one check.
    """
    assert_values(got, like, atol=math.inf, names=names, what=what)


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
            way = "`.item()`" if isinstance(entry, (torch.Tensor, numpy.ndarray)) else "`float(…)`"
            raise CheckFailure(
                f"{name} should hold Python floats, but entry {index} is {kind(entry)}. Use {way} when you append."
            )


def _sentences(what: str, problems: list[_Problem]) -> Iterator[str]:
    """One sentence for each sort of difference, however many values have it."""
    sorts: dict[tuple[bool, str], list[_Problem]] = {}
    for problem in problems:
        sorts.setdefault((bool(problem.place), problem.wrong), []).append(problem)
    for (inside, wrong), group in sorts.items():
        value = group[0].value
        if not inside:
            yield f"`{what}` returned {value}{wrong}" if what else f"The result is {value}{wrong}"
            continue
        start = f"In the result{f' of `{what}`' if what else ''}, "
        if len(group) > 1 and wrong == _NOT_RIGHT:
            yield f"{start}{_listed([f'{one.place} is {one.value}' for one in group])}, which are not right."
        elif len(group) > 1:
            others = _listed([one.place for one in group[1:]])
            yield f"{start}{group[0].place} is {value}{wrong} The same holds for {others}."
        else:
            yield f"{start}{group[0].place} is {value}{wrong}"


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _other_kind(place: str, value: Any, wanted: str) -> _Problem:
    """The value and what sort of thing it is, said once, where something else was asked for."""
    if value is None or isinstance(value, (list, tuple, dict)) or shown(value) == kind(value):
        return _Problem(place, kind(value), f", where {wanted}")
    if isinstance(value, (torch.Tensor, numpy.ndarray)):
        return _Problem(place, f"a {shown(value)}", f", where {wanted}")
    return _Problem(place, shown(value), f", {kind(value)}, where {wanted}")


def _the(place: str) -> str:
    return f"{place}: " if place else ""


def _compare(
    got: Any,
    expected: Any,
    place: str,
    atol: float,
    rtol: float,
    names: Sequence[str] | None,
    problems: list[_Problem],
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
        problems.append(_other_kind(place, got, f"{wanted} was asked for."))
    elif got != expected:
        problems.append(_Problem(place, shown(got), _NOT_RIGHT, f"{_the(place)}expected {shown(expected)}"))


def _compare_sequence(
    got: Any,
    expected: Sequence[Any],
    place: str,
    atol: float,
    rtol: float,
    names: Sequence[str] | None,
    problems: list[_Problem],
) -> None:
    wanted = "a tuple" if isinstance(expected, tuple) else "a list"
    parts = f" ({', '.join(names)})" if names else ""
    if type(got) is not type(expected):
        problems.append(_Problem(place, kind(got), f", where {wanted} of {_count(expected)}{parts} was asked for."))
        return
    if len(got) != len(expected):
        problems.append(_Problem(place, _count(got), f", where {len(expected)} were asked for{parts}."))
        return
    for index, (one, other) in enumerate(zip(got, expected, strict=True)):
        label = names[index] if names else f"{place}[{index}]" if place else f"entry {index}"
        _compare(one, other, label, atol, rtol, None, problems)


def _count(values: Sequence[Any]) -> str:
    return "1 value" if len(values) == 1 else f"{len(values)} values"


def _compare_dict(
    got: Any, expected: dict[Any, Any], place: str, atol: float, rtol: float, problems: list[_Problem]
) -> None:
    if type(got) is not dict:
        problems.append(_Problem(place, kind(got), ", where a dict was asked for."))
        return
    lacking = [key for key in expected if key not in got]
    extra = [key for key in got if key not in expected]
    if lacking:
        problems.append(_Problem(place, "a dict", f" without the key {shown(lacking[0])}."))
    elif extra:
        problems.append(_Problem(place, "a dict", f" with the additional key {shown(extra[0])}."))
    for key in expected:
        if key in got:
            _compare(got[key], expected[key], f"{place}[{shown(key)}]", atol, rtol, None, problems)


def _compare_float(got: Any, expected: float, place: str, atol: float, rtol: float, problems: list[_Problem]) -> None:
    if type(got) is not float:
        advice = " Use `.item()`." if isinstance(got, (torch.Tensor, numpy.ndarray)) else ""
        problems.append(_other_kind(place, got, f"a Python float was asked for.{advice}"))
        return
    if _close(got, expected, atol, rtol):
        return
    value, wrong = number(got), _NOT_RIGHT
    if not math.isfinite(expected):
        wrong = ", where another value was asked for."
    elif math.isnan(got):
        value, wrong = "nan (not a number)", ", where a number was asked for."
    elif math.isinf(got):
        wrong = ", where a finite number was asked for."
    difference = f", difference {number(got - expected)}" if math.isfinite(got - expected) else ""
    reveal = f"{_the(place)}got {number(got)}, expected {number(expected)}{difference} (tolerance {atol:g})"
    problems.append(_Problem(place, value, wrong, reveal))


def _compare_tensor(
    got: Any, expected: torch.Tensor, place: str, atol: float, rtol: float, problems: list[_Problem]
) -> None:
    if not isinstance(got, torch.Tensor):
        problems.append(_other_kind(place, got, "a tensor was asked for."))
        return
    if got.shape != expected.shape:
        wrong = f" of shape {shape(got)}, where shape {shape(expected)} was asked for."
        problems.append(_Problem(place, "a tensor", wrong))
        return
    if got.dtype != expected.dtype:
        wrong = f" of dtype {got.dtype}, where {expected.dtype} was asked for."
        problems.append(_Problem(place, "a tensor", wrong))
        return
    if got.is_complex():
        off = ~torch.isclose(got, expected, atol=atol, rtol=rtol, equal_nan=True)
    elif got.is_floating_point():
        off = ~torch.isclose(got.double(), expected.double(), atol=atol, rtol=rtol, equal_nan=True)
    else:
        off = got != expected
    count = int(off.sum())
    if not count or math.isinf(atol):
        return
    index = tuple(int(i) for i in off.nonzero()[0])
    spot = f"at {list(index)}: " if index else ""
    value, other = got[index].item(), expected[index].item()
    reveal = f"{_the(place)}{spot}got {number(value)}, expected {number(other)} (tolerance {atol:g})"
    if got.numel() == 1:
        problems.append(_Problem(place, f"a tensor that holds {number(value)}", _NOT_RIGHT, reveal))
        return
    if count == 1:
        wrong = f" in which the value {spot[:-2]} is {number(value)}{_NOT_RIGHT}"
    else:
        wrong = f" in which {count} of {got.numel()} values are not right; the first is {number(value)} {spot[:-2]}."
    problems.append(_Problem(place, "a tensor", wrong, reveal))


def _close(got: float, expected: float, atol: float, rtol: float) -> bool:
    if math.isinf(atol):
        return True
    if math.isnan(expected) or math.isinf(expected):
        return (math.isnan(got) and math.isnan(expected)) or got == expected
    return abs(got - expected) <= atol + rtol * abs(expected)
