"""The proof of every assignment: the reference, the stub, and each sample behave as they say of themselves."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from autograder.grade.judge import Judge
from autograder.verify import subjects, verify_pair, verify_promises, verify_subject
from autograder.verify.proof import samples
from tests.course.conftest import COURSE

LONG = frozenset({"mnist_parity", "polynomial_regression", "truncated_backpropagation"})
"""Where grading a sample takes seconds, since its training does: every third wrong one is proven here, and all by
`make verify`, or with AUTOGRADER_ALL_SAMPLES=1."""


def chosen(slug: str) -> list[str]:
    """The subjects of an assignment that are proven."""
    found = subjects(COURSE.assignment(slug))
    if slug not in LONG or os.environ.get("AUTOGRADER_ALL_SAMPLES") == "1":
        return found
    wrong = [subject for subject in found if subject.startswith("wrong/")]
    left_out = set(wrong) - set(wrong[::3])
    return [subject for subject in found if subject not in left_out]


PROMISES = [pytest.param(slug, subject, id=f"{slug}-{subject}") for slug in COURSE.slugs for subject in chosen(slug)]


def test_there_are_assignments() -> None:
    assert len(COURSE.slugs) >= 10


@pytest.mark.parametrize("slug", COURSE.slugs)
def test_stub_and_solution_are_a_pair(slug: str) -> None:
    assert verify_pair(COURSE.assignment(slug)).problems == ()


@pytest.mark.parametrize("slug", COURSE.slugs)
def test_every_promise_of_the_handout_has_a_check(slug: str) -> None:
    problems = verify_promises(COURSE.assignment(slug)).problems
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("slug", COURSE.slugs)
def test_there_are_enough_samples(slug: str) -> None:
    assignment = COURSE.assignment(slug)
    assert len(samples(assignment, "wrong")) >= 6
    assert len(samples(assignment, "right")) >= 3


@pytest.mark.parametrize(("slug", "subject"), PROMISES)
def test_promise(judge_of: Callable[[str], Judge], slug: str, subject: str) -> None:
    problems = verify_subject(judge_of(slug), subject).problems
    assert not problems, "\n".join(problems)
