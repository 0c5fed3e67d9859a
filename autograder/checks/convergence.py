"""Did it converge, and at the rate that theory gives?"""

from __future__ import annotations

import itertools
import math
import statistics
from collections.abc import Sequence
from typing import Any

from autograder.checks.reading import read_numbers
from autograder.checks.wording import kind, number
from autograder.errors import CheckFailure

_HUGE = 1e6
_SHOWN = 6
_LAST_DIGITS = 1e-6
"""So far a number may be off that was only rounded to float32 and back."""


def assert_descends(losses: Sequence[float], *, rtol: float = 0.0, what: str = "loss", unit: str = "step") -> None:
    """Passes if no value lies above the one before it by more than the share ``rtol``.

    Raises CheckFailure that names the first step at which the value did not fall, counted from 1. ``unit`` says what
    a value stands for where it is no step: ``"entry"``, ``"call"``.
    """
    values = _numbers(losses, what)
    for step in range(1, len(values)):
        before, after = values[step - 1], values[step]
        slack = rtol * abs(before) if rtol else 0.0  # zero times infinity is no number
        if not after <= before + slack:
            moved = "rose" if after > before else "went"  # nan is not above anything
            raise CheckFailure(
                f"The {what} should fall with every {unit}, but at {unit} {step + 1} it {moved} from "
                f"{number(before)} to {number(after)}."
            )


def assert_moved(before: Any, after: Any, *, what: str = "result", when: str = "") -> None:
    """Passes if ``after`` are finite numbers and at least one of them is clearly another than in ``before``.

    What checks of a property (it diverges, it stays the same, it falls) ask first: an answer that is always the
    same has many properties. ``when`` says between which moments, as in ``"from 1 iteration to 7"``.
    """
    old, new = _numbers(before, what), _numbers(after, what)
    seen = _listed(new)
    if not all(map(math.isfinite, new)):
        raise CheckFailure(f"The {what} should be finite numbers here, but yours is {seen}.")
    if len(old) == len(new) and all(map(_same, old, new)):
        raise CheckFailure(f"The {what} should change{f' {when}' if when else ''}, but yours stays at {seen}.")


def assert_contraction(errors: Sequence[float], rate: float, *, rtol: float = 0.05, what: str = "error") -> None:
    """Passes if the error shrinks by the factor ``rate`` per step: |observed − rate| ≤ rtol·rate.

    ``errors``: distances to the optimum after successive steps. The observed rate is the median of the ratios
    of neighbours. For gradient descent on a quadratic, theory gives an eigenvalue of I − ηH as the rate.
    """
    values = _numbers(errors, what)
    ratios = [after / before for before, after in itertools.pairwise(values) if before > 0]
    if not ratios or not all(math.isfinite(ratio) for ratio in ratios):
        raise CheckFailure(f"No rate of convergence can be measured: step by step the {what} is {_listed(values)}.")
    observed = statistics.median(ratios)
    if abs(observed - rate) > rtol * abs(rate):
        raise CheckFailure(
            f"The {what} changes by a factor of {number(observed)} per step; with gradient descent at this learning "
            "rate it changes by another one.",
            reveal=f"Theory gives {number(rate)} per step.",
        )


def assert_diverged(values: Sequence[Any], *, what: str = "result") -> None:
    """Passes if every value is nan, infinite or beyond ±1e6: what a diverging run must return as it is.

    Numbers are read whatever type holds them. A constant nan passes as well: ask :func:`assert_moved` of another
    run first.
    """
    for value in _numbers(values, what):
        if math.isfinite(value) and abs(value) < _HUGE:
            raise CheckFailure(
                f"With so large a learning rate the steps of plain gradient descent grow without bound: the {what} "
                f"should consist of huge numbers, inf or nan. Yours holds {number(value)}."
            )


def assert_at_least(value: float, bound: float, *, what: str = "value") -> None:
    """Passes if ``value`` is a number ≥ ``bound``."""
    _expect_number(value, what)
    if not value >= bound:
        raise CheckFailure(f"The {what} is {number(value)}; at least {number(bound)} was asked for.")


def assert_at_most(value: float, bound: float, *, what: str = "value") -> None:
    """Passes if ``value`` is a number ≤ ``bound``."""
    _expect_number(value, what)
    if not value <= bound:
        raise CheckFailure(f"The {what} is {number(value)}; at most {number(bound)} was asked for.")


def _same(one: float, other: float) -> bool:
    return one == other or math.isclose(one, other, rel_tol=_LAST_DIGITS, abs_tol=_LAST_DIGITS)


def _numbers(values: Any, what: str) -> list[float]:
    return read_numbers(values, f"The {what}")


def _listed(values: Sequence[float]) -> str:
    shown = ", ".join(number(value) for value in values[:_SHOWN])
    return f"({shown}{', …' if len(values) > _SHOWN else ''})" if len(values) != 1 else shown


def _expect_number(value: Any, what: str) -> None:
    if not isinstance(value, (int, float)):
        raise CheckFailure(f"The {what} should be a number, but it is {kind(value)}.")
