"""Did it converge, and at the rate that theory gives?"""

from __future__ import annotations

import itertools
import math
import statistics
from collections.abc import Sequence
from typing import Any

from autograder.checks.wording import kind, number
from autograder.errors import CheckFailure

_HUGE = 1e6


def assert_descends(losses: Sequence[float], *, rtol: float = 0.0, what: str = "loss") -> None:
    """Passes if no value lies above the one before it by more than the share ``rtol``.

    Steps are counted from 1. Raises CheckFailure that names the first step at which the value rose.
    """
    _expect_numbers(losses, what)
    for step in range(1, len(losses)):
        before, after = losses[step - 1], losses[step]
        slack = rtol * abs(before) if rtol else 0.0  # zero times infinity is no number
        if not after <= before + slack:
            raise CheckFailure(
                f"The {what} should fall with every step, but at step {step + 1} it rose from {number(before)} to "
                f"{number(after)}. Check the sign of the update and the learning rate."
            )


def assert_contraction(errors: Sequence[float], rate: float, *, rtol: float = 0.05, what: str = "error") -> None:
    """Passes if the error shrinks by the factor ``rate`` per step: |observed − rate| ≤ rtol·rate.

    ``errors``: distances to the optimum after successive steps. The observed rate is the median of the ratios
    of neighbours. For gradient descent on a quadratic, theory gives an eigenvalue of I − ηH as the rate.
    """
    _expect_numbers(errors, what)
    ratios = [after / before for before, after in itertools.pairwise(errors) if before > 0]
    if not ratios or not all(math.isfinite(ratio) for ratio in ratios):
        raise CheckFailure(f"The {what} does not shrink step by step, so no rate of convergence could be measured.")
    observed = statistics.median(ratios)
    if abs(observed - rate) > rtol * abs(rate):
        raise CheckFailure(
            f"The {what} changes by a factor of {number(observed)} per step; gradient descent on this problem, with "
            "this learning rate, has another one. Is each update exactly learning rate times gradient?",
            reveal=f"Theory gives {number(rate)} per step.",
        )


def assert_diverged(values: Sequence[Any], *, what: str = "result") -> None:
    """Passes if every value is nan, infinite or beyond ±1e6: what a diverging run must return as it is."""
    _expect_list(values, what)
    for value in values:
        if type(value) is not float:
            raise CheckFailure(f"The {what} should hold Python floats, but one entry is {kind(value)}.")
        if math.isfinite(value) and abs(value) < _HUGE:
            raise CheckFailure(
                f"With so large a learning rate the run diverges, but {number(value)} stands in your {what}. Return "
                "the numbers as they are, also when they are inf or nan."
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


def _expect_list(values: Any, what: str) -> None:
    if not isinstance(values, (list, tuple)):
        raise CheckFailure(f"The {what} should be a list of numbers, but it is {kind(values)}.")


def _expect_numbers(values: Any, what: str) -> None:
    _expect_list(values, what)
    for index, value in enumerate(values):
        if not isinstance(value, (int, float)):
            raise CheckFailure(f"The {what} should hold numbers, but entry {index} is {kind(value)}.")


def _expect_number(value: Any, what: str) -> None:
    if not isinstance(value, (int, float)):
        raise CheckFailure(f"The {what} should be a number, but it is {kind(value)}.")
