"""Every assignment of this repository says what its trivial answers are; that they earn nothing is a promise of each.

`test_every_assignment.py` / `test_promise` grades them: eleven ways to fill a stub's blanks without thinking, from
``return None`` to random numbers of the right structure.
"""

from __future__ import annotations

import pytest

from autograder.verify import subjects, verify_trivial_file
from autograder.verify.trivial import KINDS, PAGE
from tests.course.conftest import COURSE


@pytest.mark.parametrize("slug", COURSE.slugs)
def test_trivial_answers_are_written_down(slug: str) -> None:
    assignment = COURSE.assignment(slug)
    path = assignment.solution.parent / "trivial.toml"
    assert path.is_file(), (
        f"{path} is missing. It says of every blank what an answer without thought is, in the tables [structures] "
        "(`fill()` for a number), [starts] and [page]; autograder/verify/trivial.py has an example."
    )
    assert verify_trivial_file(assignment).problems == ()
    assert {f"trivial/{kind}" for kind in KINDS if kind != PAGE} <= set(subjects(assignment))
