"""The proof of every assignment: the reference, the stub, and each sample behave as they say of themselves."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from autograder.grade.judge import Judge
from autograder.verify import subjects, verify_pair, verify_promises, verify_subject
from autograder.verify.proof import samples
from tests.course.conftest import COURSE


def chosen(slug: str) -> list[str]:
    """The subjects of an assignment that are proven here: the reference, the stub, what is right, and every third of
    the wrong samples and of the trivial answers. `make verify` proves all, as does AUTOGRADER_ALL_SAMPLES=1."""
    found = subjects(COURSE.assignment(slug))
    if os.environ.get("AUTOGRADER_ALL_SAMPLES") == "1":
        return found
    many = [[one for one in found if one.startswith(kind)] for kind in ("wrong/", "trivial/")]
    left_out = {one for kind in many for number, one in enumerate(kind) if number % 3}
    return [one for one in found if one not in left_out]


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
