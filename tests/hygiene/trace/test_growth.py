"""What grows for good, and what goes away again."""

from __future__ import annotations

import pytest

from autograder.hygiene.trace.growth import Growth


@pytest.mark.parametrize(
    ("amounts", "grown"),
    [([0, 0, 1, 0, 1, 0], 0), ([1, 2, 3, 4], 4), ([1, 1, 1, 2, 2, 3], 3), ([3, 4, 5, 0], 0), ([1, 2, 5, 2, 3], 3)],
)
def test_growth_counts_what_does_not_go_away_again(amounts: list[int], grown: int) -> None:
    growth = Growth()
    assert [growth.follow(amount) for amount in amounts][-1] == grown
