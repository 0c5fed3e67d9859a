"""One living judge for all tests of the assignments."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch

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


@pytest.fixture(scope="module")
def one_thread() -> Iterator[None]:
    """Published numbers are those of one thread."""
    threads, state = torch.get_num_threads(), torch.get_rng_state()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
    torch.set_rng_state(state)


def close(numbers: object) -> object:
    """What is equal to a handout's numbers, to the last digit that stands there."""
    return pytest.approx(numbers, abs=1e-3, rel=0, nan_ok=True)
