"""What relates two numbers or vectors, also those of runs that diverged."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.hygiene.comparison.ratios import compared_rates, factor, ratio

VECTORS = st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=4)


@pytest.mark.parametrize(
    ("got", "expected", "words"),
    [
        ([2.0, 4.0], [1.0, 2.0], "2 times the"),
        ([1.0], [2.0], "half the"),
        ([1.0], [-3.0], "−1/3 of the"),
        ([-1.0], [1.0], "the negative of the"),
        ([1.0], [1.0], ""),
        ([1e300], [1e-300], ""),
        ([1e-320], [1.0], ""),
        ([1e200, 1e200], [1e200, 1e200], ""),
    ],
)
def test_a_simple_factor_is_named(got: list[float], expected: list[float], words: str) -> None:
    assert factor(got, expected) == words


@given(VECTORS, VECTORS)
def test_no_numbers_stop_the_comparison(got: list[float], expected: list[float]) -> None:
    found = ratio(got, expected)
    assert found is None or math.isfinite(found)
    factor(got, expected)


@pytest.mark.parametrize(
    ("ours", "theirs", "words"),
    [
        (0.2, 0.1, "2 times as far, so another learning rate, or the update is made twice"),
        (-0.1, 0.1, "the wrong way, and by another learning rate"),
        (0.1, 0.0, "another learning rate"),
        (1e300, 1e-300, "another learning rate"),
    ],
)
def test_rates_are_compared_in_words(ours: float, theirs: float, words: str) -> None:
    assert compared_rates(ours, theirs) == words
