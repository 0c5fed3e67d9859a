"""The convergence checks and their words."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch

from autograder.checks import (
    assert_at_least,
    assert_at_most,
    assert_contraction,
    assert_descends,
    assert_diverged,
    assert_moved,
)
from autograder.errors import CheckFailure

NAN, INF = math.nan, math.inf


def message(check: Callable[..., None], *args: Any, **options: Any) -> str:
    with pytest.raises(CheckFailure) as caught:
        check(*args, **options)
    return caught.value.message


@pytest.mark.parametrize("losses", [[], [1.0], [3.0, 2.0, 2.0, 1.0], [INF, 1.0], [0.0, 0.0]])
def test_a_falling_loss_passes(losses: list[float]) -> None:
    assert assert_descends(losses) is None


def test_a_rise_within_tolerance_passes() -> None:
    assert_descends([1.0, 1.0005], rtol=1e-3)
    assert_descends([-1.0, -0.9995], rtol=1e-3)


@pytest.mark.parametrize(
    ("losses", "step", "moved"),
    [
        ([3.0, 2.0, 2.5, 9.0], 3, "rose from 2 to 2.5"),
        ([1.0, NAN], 2, "went from 1 to nan"),
        ([NAN, 1.0], 2, "went from nan to 1"),
    ],
)
def test_the_first_rise_is_named(losses: list[float], step: int, moved: str) -> None:
    assert message(assert_descends, losses, what="training loss") == (
        f"The training loss should fall with every step, but at step {step} it {moved}."
    )


def test_what_is_no_step_has_its_own_name() -> None:
    assert message(assert_descends, [1.0, 2.0], unit="entry") == (
        "The loss should fall with every entry, but at entry 2 it rose from 1 to 2."
    )


def test_moved() -> None:
    assert assert_moved([1.0, 2.0], (1.0, torch.tensor(2.5))) is None
    assert assert_moved([NAN], [1.0]) is None
    assert message(assert_moved, [1.0, 2.0], (1, 2), what="point", when="in one step") == (
        "The point should change in one step, but yours stays at (1, 2)."
    )
    assert message(assert_moved, [0.0], [NAN]) == "The result should be finite numbers here, but yours is nan."
    assert message(assert_moved, [0.0] * 8, [0.0] * 8) == (
        "The result should change, but yours stays at (0, 0, 0, 0, 0, 0, …)."
    )


@pytest.mark.parametrize("rate", [0.5, 0.9, 0.0, 1.2])
def test_the_rate_of_theory_passes(rate: float) -> None:
    assert assert_contraction([rate**k for k in range(6)], rate) is None


def test_another_rate_is_measured() -> None:
    with pytest.raises(CheckFailure) as caught:
        assert_contraction([1.0, 0.8, 0.64], 0.5, what="distance")
    assert caught.value.message == (
        "The distance changes by a factor of 0.8 per step; with gradient descent at this learning rate it changes by "
        "another one."
    )
    assert caught.value.reveal == "Theory gives 0.5 per step."


@pytest.mark.parametrize(
    ("errors", "seen"),
    [
        ([], "()"),
        ([1.0], "1"),
        ([0.0, 0.0], "(0, 0)"),
        ([1.0, NAN], "(1, nan)"),
        ([1.0, INF, INF], "(1, inf, inf)"),
    ],
)
def test_no_rate_can_be_measured(errors: list[float], seen: str) -> None:
    assert message(assert_contraction, errors, 0.5) == (
        f"No rate of convergence can be measured: step by step the error is {seen}."
    )


def test_diverged() -> None:
    assert assert_diverged([NAN, INF, -INF, 1e7, -1e7]) is None
    assert message(assert_diverged, [NAN, 3.0], what="losses") == (
        "With so large a learning rate the steps of plain gradient descent grow without bound: the losses should "
        "consist of huge numbers, inf or nan. Yours holds 3."
    )
    assert assert_diverged([torch.tensor(NAN), 10**9]) is None  # types are the business of another check


def test_bounds() -> None:
    assert assert_at_least(0.9, 0.9) is None
    assert assert_at_most(0.9, 0.9) is None
    assert message(assert_at_least, 0.7225, 0.95, what="accuracy") == (
        "The accuracy is 0.7225; at least 0.95 was asked for."
    )
    assert message(assert_at_most, 0.5, 0.1) == "The value is 0.5; at most 0.1 was asked for."
    assert message(assert_at_least, NAN, 0.0) == "The value is nan; at least 0 was asked for."
    assert message(assert_at_most, NAN, 0.0) == "The value is nan; at most 0 was asked for."


@pytest.mark.parametrize("value", [None, "0.9", [0.9], torch.tensor([0.9, 0.8])])
@pytest.mark.parametrize("check", [assert_at_least, assert_at_most])
def test_bounds_of_what_is_no_number(check: Callable[..., None], value: Any) -> None:
    assert message(check, value, 0.5, what="accuracy").startswith("The accuracy should be a number, but it is ")


@pytest.mark.parametrize("losses", [None, [None, 1.0], ["a", "b"], 3.0, torch.ones(3, 2)])
@pytest.mark.parametrize(
    "check", [assert_descends, assert_diverged, lambda values, what: assert_contraction(values, 0.5, what=what)]
)
def test_histories_that_are_none(check: Callable[..., None], losses: Any) -> None:
    assert message(check, losses, what="losses").startswith("The losses should ")
