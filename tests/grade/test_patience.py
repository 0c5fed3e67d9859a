"""A loop without an end in a check's own code, or in the reference that it calls, ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from autograder.grade import patience
from autograder.results import Outcome

if TYPE_CHECKING:
    from autograder.assignment import Assignment

MARKER = '@pytest.mark.task("1", points=1, category="correctness")\n'


def test_a_loop_in_the_judge_is_the_authors_fault(
    new_assignment: Callable[..., Assignment],
    run: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    solution: str,
) -> None:
    monkeypatch.setattr(patience, "SECONDS", 0.2)
    hidden = (
        f"import pytest\n\n\n{MARKER}def test_loops(submission):\n    while submission.double(1.0):\n        pass\n\n\n"
        f"{MARKER}def test_asks(submission, reference):\n    assert submission.double(1.0) == 2.0\n"
        f"    reference.endless()\n\n\n{MARKER}def test_fine(submission):\n    assert submission.double(1.0) == 2.0\n"
    )
    assignment = new_assignment(
        public="", hidden=hidden, solution=f"{solution}\n\ndef endless():\n    while True:\n        pass\n"
    )
    results = run(assignment, solution)
    assert [result.outcome for result in results.values()] == [Outcome.INTERNAL_ERROR] * 2 + [Outcome.PASSED]
    said = "the check, or what it calls of the reference, computed for 0.2 s without an end; look for a loop"
    assert said in results["test_loops"].fault
    assert results["test_asks"].fault.startswith(f"test_hidden.py, line 13, in solutions/{assignment.slug}/")
