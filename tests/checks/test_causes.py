"""Reasons are told where the numbers show them, and only there."""

from __future__ import annotations

import math

import pytest
import torch

from autograder.checks import (
    Cause,
    assert_values,
    cause_of,
    exchange_causes,
    history_causes,
    rounding_causes,
    scale_causes,
    step_causes,
)
from autograder.errors import CheckFailure

LOSSES = [106.0, 99.123456, 80.765432, 51.5]
POINTS = [(1.0, 1.0), (1.046, 1.038), (1.0972, 1.0785)]


def told(got, causes, expected=LOSSES, atol=1e-3):
    return cause_of(got, expected, causes, atol=atol)


@pytest.mark.parametrize(
    ("got", "said"),
    [
        ([*LOSSES[1:], 30.25], "record it before the update"),
        (LOSSES[1:], "The entry of the first step"),
        (LOSSES[:-1], "The entry of the last step is missing"),
        ([*LOSSES, 30.0], "one entry too many at the end"),
        (LOSSES[::-1], "in reverse order"),
        ([51.5] * 4, "one tensor many times"),
        ([torch.tensor(51.5)] * 4, "one tensor many times"),
        ([round(loss, 2) for loss in LOSSES], "rounded to 2 digits behind the point"),
        ([round(loss, 1) for loss in LOSSES], "rounded to 1 digit behind the point"),
    ],
)
def test_a_record_that_is_off(got, said):
    assert said in told(got, history_causes(LOSSES))


@pytest.mark.parametrize(
    "got",
    [
        LOSSES,
        [loss + 5e-4 for loss in LOSSES],  # right within the tolerance
        [106.0] * 4,  # nothing moved: no aliasing
        [1.0, 2.0, 3.0, 4.0],
        [loss + 0.004 for loss in LOSSES],  # wrong, and not rounded
        [math.nan] * 4,
        [],
        None,
        "text",
        {"losses": LOSSES},
        [LOSSES],
    ],
)
def test_nothing_is_said_of_other_records(got):
    assert told(got, history_causes(LOSSES)) == ""


def test_a_record_of_points():
    after = (1.153, 1.121)
    assert "record it before" in told([*POINTS[1:], after], history_causes(POINTS), POINTS)
    assert "record it before" in told([*POINTS[1:], after], history_causes(POINTS, after=after), POINTS)
    assert told([*POINTS[1:], (2.0, 2.0)], history_causes(POINTS, after=after), POINTS) == ""
    assert "one tensor many times" in told([after] * 3, history_causes(POINTS, after=after), POINTS)
    assert "one tensor many times" in told(
        torch.tensor([after] * 3).unbind(), history_causes(POINTS, after=after), POINTS
    )


@pytest.mark.parametrize(
    ("factor", "said"),
    [
        (2, "exactly twice"),
        (0.5, "exactly half"),
        (-1, "the other sign"),
        (30, "30 times"),
        (15, "without the factor 2"),
    ],
)
def test_multiples(factor, said):
    right = torch.tensor([0.5, -1.25, 3.0])
    assert said in cause_of(factor * right, right, scale_causes(right, count=30), atol=1e-4)
    start = {"w": torch.tensor([1.0, 2.0, -1.0]), "b": torch.tensor([0.5])}
    end = {"w": start["w"] - 0.1 * right, "b": start["b"] + 0.2}
    got = {"w": start["w"] - 0.1 * factor * right, "b": start["b"] + 0.2 * factor}
    assert said in cause_of(got, end, step_causes(start, end, count=30), atol=1e-4)


def test_a_step_that_was_not_made():
    said = cause_of((1.0, 2.0), (0.8, 2.2), step_causes((1.0, 2.0), (0.8, 2.2), of=" of a and b"), atol=1e-4)
    assert said == "The values of a and b are those from before the update: nothing was changed."


def test_two_multiples_that_are_the_same_are_not_told():
    # With four rows, half of the sum is twice the mean: either may be meant.
    assert cause_of(2.0, 1.0, scale_causes(1.0, count=4), atol=1e-3) == ""


def test_parts_in_each_others_place():
    names, right = ("a", "b", "loss"), (1.0, -2.0, 0.5)
    said = cause_of((0.5, -2.0, 1.0), right, exchange_causes(right, names), atol=1e-3)
    assert said == "a and loss stand in each other's place: the order is a, b, loss."
    assert cause_of((1.0, 1.0, 0.5), (1.0, 1.0, 0.5), exchange_causes((1.0, 1.0, 0.5), names), atol=1e-3) == ""


def test_answers_are_computed_when_they_are_needed():
    asked = []
    causes = [Cause("It is one too few.", lambda: asked.append(1) or 6.0)]
    assert cause_of(7.0, 7.0, causes, atol=0.1) == ""
    assert not asked
    assert cause_of(6.0, 9.0, causes, atol=0.1) == "It is one too few."
    assert asked == [1]


def test_doubt_is_silent():
    one, same = Cause("One.", 6.0), Cause("Other.", 6.05)
    assert cause_of(6.0, 9.0, [one, same], atol=0.1) == ""  # two fit
    assert cause_of(6.0, 9.0, [one, one], atol=0.1) == "One."  # of one sort
    assert cause_of(6.0, 6.5, [one], atol=0.1) == ""  # too near to the right answer
    assert cause_of(6.0, math.nan, [one], atol=0.1) == ""
    assert cause_of(math.inf, 6.0, [Cause("Huge.", math.inf)], atol=0.1) == ""
    for endless in (math.nan, math.inf, torch.tensor(math.nan)):  # what a diverging alternative computes fits nothing
        assert cause_of(6.0, 9.0, [Cause("It diverges.", endless)], atol=0.1, rtol=0.1) == ""
    assert cause_of([6.0, 1.0], [9.0, 1.0], [Cause("Any.", [6.0, None])], atol=0.1) == "Any."


def test_rounding_needs_rounded_numbers():
    assert "4 digits" in cause_of(0.1235, 0.12345678, rounding_causes(0.12345678), atol=1e-6)
    assert cause_of(0.42 + 1e-4, 0.4243, rounding_causes(0.4243), atol=1e-4) == ""


def test_the_reason_stands_below_the_difference():
    with pytest.raises(CheckFailure) as failure:
        assert_values((2.0, 4.0), (1.0, 2.0), atol=1e-3, names=("a", "b"), causes=scale_causes((1.0, 2.0)))
    assert failure.value.message == (
        "In the result, a is 2 and b is 4, which are not right.\n"
        "Yours is exactly twice the right value: a factor 2 too many."
    )
