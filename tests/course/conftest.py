"""One living judge for all tests of the assignments."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.assignment import Assignment, Course
from autograder.grade.judge import Judge

COURSE = Course(Path(__file__).parents[2])


@pytest.fixture(scope="session")
def judge_of(judge_beside: Callable[[Assignment], Judge]) -> Iterator[Callable[[str], Judge]]:
    """The judge of an assignment; only one is alive at a time, and each is started once."""
    living: dict[str, Judge] = {}

    def end() -> None:
        while living:
            living.popitem()[1].close()

    def judge(slug: str) -> Judge:
        if slug not in living:
            end()
            living[slug] = judge_beside(COURSE.assignment(slug))
        return living[slug]

    yield judge
    end()
