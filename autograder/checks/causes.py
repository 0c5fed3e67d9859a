"""Why an answer is wrong, said only where the student's own numbers show it.

An author knows what mistakes a task invites, and the judge can compute what each of them would answer. Such a pair is a
:class:`Cause`; :func:`cause_of` picks the one whose answer the student gave. A wrong reason is worse than none: where
two causes fit, or the right answer lies too near to tell, nothing is said.
"""

from __future__ import annotations

import functools
import itertools
import math
import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeAlias, TypeGuard

import numpy
import torch

_APART = 10.0
"""So many tolerances a wrong answer must lie from the right one before a student's numbers can tell them apart."""
_LAST_DIGITS = 1e-6
_DIGITS = range(1, 5)


_Parts: TypeAlias = "dict[tuple[Any, ...], numpy.ndarray[Any, Any]]"
"""The numbers of a value, by the place where they stand."""


class Cause(NamedTuple):
    """One mistake: what the student reads, and what a submission with it would answer."""

    words: str
    """A sentence or two, true of everybody who gave that answer."""
    answer: Any
    """Numbers, tensors, and lists, tuples and dicts of them, or a function of no arguments that computes them when
    they are needed: ``lambda: reference.f(x, num_iterations=6)``. None stands for a number that may be anything."""
    exact: bool = False
    """The student's numbers must be those of the answer to the last digits of a float32."""


def cause_of(got: Any, expected: Any, causes: Iterable[Cause], *, atol: float, rtol: float = 0.0) -> str:
    """The words of the only cause whose answer is ``got``, whatever types hold the numbers; ``""`` without one.

    An answer counts as given where every number is within atol + rtol·|number| of it. It must lie ten times as far from
    ``expected`` somewhere, or have another length. Numbers that are not finite tell nothing.
    """
    mine, right = _numbers(got), _numbers(expected)
    if not _finite(mine) or not _finite(right) or _near(mine, right, atol, rtol):
        return ""
    fitting: set[str] = set()
    for cause in causes:
        if cause.words in fitting:
            continue
        wrong = _numbers(cause.answer() if callable(cause.answer) else cause.answer)
        apart = 1.0 if cause.exact else _APART
        if wrong is None or any(numpy.isinf(part).any() for part in wrong.values()):
            continue
        if _near(wrong, right, apart * atol, apart * rtol):
            continue
        if _near(mine, wrong, *((_LAST_DIGITS, _LAST_DIGITS) if cause.exact else (atol, rtol))):
            fitting.add(cause.words)
    return fitting.pop() if len(fitting) == 1 else ""


def history_causes(expected: Sequence[Any], *, after: Any = None, unit: str = "step") -> list[Cause]:
    """What goes wrong with a record of one entry per step: a step off, one too few or too many, one tensor throughout.

    ``expected``: the right record, of numbers, tuples or tensors. ``after``: what the entry of one more step would be,
    where the check knows it.
    """
    right, count = list(expected), len(expected)
    if count < 2:
        return []
    unknown = _each(right[-1], lambda _: None) if after is None else after
    alias = (
        "All entries are the same, those of the end: the list holds one tensor many times, and updates in place go on "
        "changing it. Append a number (`.item()`), or `.detach().clone()`."
    )
    causes = [
        Cause(
            f"Each entry is that of the {unit} after it: record it before the update of its {unit}, not after.",
            [*right[1:], unknown],
        ),
        Cause(f"The entry of the first {unit}, before any update, is missing; all others are right.", right[1:]),
        Cause(f"The entry of the last {unit} is missing; all others are right.", right[:-1]),
        Cause(f"There is one entry too many at the end; those of the {count} {unit}s are right.", [*right, unknown]),
        Cause("The entries are right, but in reverse order.", right[::-1]),
        Cause(alias, [right[-1]] * count),
    ]
    if after is not None:
        causes.append(Cause(alias, [after] * count))
    return causes + rounding_causes(right)


def rounding_causes(expected: Any) -> list[Cause]:
    """Numbers that were rounded to one to four digits behind the point."""
    return [
        Cause(
            f"They are rounded to {digits} digit{'s' if digits > 1 else ''} behind the point: leave them as they are.",
            _each(expected, functools.partial(round, ndigits=digits)),
            exact=True,
        )
        for digits in _DIGITS
    ]


def scale_causes(expected: Any, *, count: int = 0, what: str = "value") -> list[Cause]:
    """Numbers that are all twice or half as large, have the other sign or, with ``count``, are a sum for a mean.

    ``count``: over how many numbers the mean is taken.
    """
    return [
        Cause(words, _each(expected, functools.partial(operator.mul, factor)))
        for factor, words in _factors(count, what, "Yours is")
    ]


def step_causes(start: Any, expected: Any, *, count: int = 0, of: str = "") -> list[Cause]:
    """Parameters that one update moved along a wrong multiple of the gradient, or not at all.

    ``start``: the numbers before the update, in the structure of ``expected``, the numbers after it. ``count``: over
    how many rows the loss is a mean. ``of``: whose values they are, as in ``" of a, b and c"``.
    """
    still = Cause(f"The values{of} are those from before the update: nothing was changed.", start)
    moved = [
        Cause(words, _moved(start, expected, factor))
        for factor, words in _factors(count, "gradient", "Your step is along")
    ]
    return [still, *moved]


def exchange_causes(expected: Sequence[Any], names: Sequence[str]) -> list[Cause]:
    """Two parts of a result in each other's place, such as (loss, a, b, c) for what should be (a, b, c, loss)."""
    causes = []
    for one, other in itertools.combinations(range(len(expected)), 2):
        parts = list(expected)
        parts[one], parts[other] = parts[other], parts[one]
        words = f"{names[one]} and {names[other]} stand in each other's place: the order is {', '.join(names)}."
        causes.append(Cause(words, parts))
    return causes


def _factors(count: int, what: str, start: str) -> Iterator[tuple[float, str]]:
    yield 2.0, f"{start} exactly twice the right {what}: a factor 2 too many."
    yield 0.5, f"{start} exactly half of the right {what}: a factor 2 is missing."
    yield -1.0, f"{start} the right {what} with the other sign."
    if count > 2:
        summed = f"a sum over the {count} rows where the mean was asked for"
        yield count, f"{start} {count} times the right {what}: {summed}."
        yield count / 2, f"{start} {count / 2:g} times the right {what}: {summed}, and without the factor 2."
        yield 1 / count, f"{start} the right {what} divided by {count}, the number of rows: once too often."


def _plain(value: Any) -> Any:
    return value.tolist() if isinstance(value, (torch.Tensor, numpy.ndarray)) else value


def _each(value: Any, change: Callable[[float], Any]) -> Any:
    """The same structure, as lists, with every number changed."""
    value = _plain(value)
    if isinstance(value, (list, tuple)):
        return [_each(part, change) for part in value]
    if isinstance(value, dict):
        return {key: _each(part, change) for key, part in value.items()}
    return change(float(value)) if isinstance(value, (int, float)) and math.isfinite(value) else value


def _moved(start: Any, end: Any, factor: float) -> Any:
    """Where ``factor`` times the way from ``start`` to ``end`` leads."""
    start, end = _plain(start), _plain(end)
    if isinstance(end, (list, tuple)):
        return [_moved(old, new, factor) for old, new in zip(start, end, strict=True)]
    if isinstance(end, dict):
        return {key: _moved(start[key], new, factor) for key, new in end.items()}
    return start + factor * (end - start)


def _finite(parts: _Parts | None) -> TypeGuard[_Parts]:
    return parts is not None and all(numpy.isfinite(part).all() for part in parts.values())


def _numbers(value: Any) -> _Parts | None:
    """All numbers by their place, None as nan; None where something else is among them, or nothing at all."""
    found: _Parts = {}
    return found if _collect(value, (), found) and found else None


def _collect(value: Any, place: tuple[Any, ...], found: _Parts) -> bool:
    if isinstance(value, torch.Tensor):
        if value.is_complex() or value.layout != torch.strided:
            return False
        value = value.detach().double().numpy()
    if isinstance(value, (numpy.ndarray, numpy.generic)):
        if value.dtype.kind not in "fiub":
            return False
        entries = numpy.asarray(value, dtype=numpy.float64).reshape(value.shape if value.size != 1 else ())
        found[place] = numpy.where(numpy.isnan(entries), math.inf, entries)
        return True
    if isinstance(value, dict):
        return all(_collect(part, (*place, key), found) for key, part in value.items())
    if isinstance(value, (list, tuple)):
        if not value:
            found[place] = numpy.empty(0)
            return True
        row = [_number(part) for part in value]
        if all(part is not None for part in row):
            found[place] = numpy.asarray(row, dtype=numpy.float64).reshape((len(row),) if len(row) != 1 else ())
            return True
        return all(_collect(part, (*place, index), found) for index, part in enumerate(value))
    number = _number(value)
    if number is None:
        return False
    found[place] = numpy.asarray(number)
    return True


def _number(value: Any) -> float | None:
    """The number as a float; nan for None, which stands for any, and inf for nan; None where it is no number."""
    if value is None:
        return math.nan
    if isinstance(value, (torch.Tensor, numpy.ndarray, numpy.generic)):
        if (value.numel() if isinstance(value, torch.Tensor) else value.size) != 1:
            return None
        value = value.item()
    try:
        if not isinstance(value, (int, float)):
            return None
        return math.inf if math.isnan(value) else float(value)
    except OverflowError:
        return math.inf


def _near(
    mine: _Parts,
    theirs: _Parts | None,
    atol: float,
    rtol: float,
) -> bool:
    """Whether all numbers have the same places and are close; nan in ``theirs``, and in ``mine``, is close to any."""
    if theirs is None or mine.keys() != theirs.keys():
        return False
    for place, other in theirs.items():
        part = mine[place]
        if part.shape != other.shape:
            return False
        known = ~numpy.isnan(other) & ~numpy.isnan(part)
        if not (numpy.abs(part - other)[known] <= atol + rtol * numpy.abs(other[known])).all():
            return False
    return True
