"""What an exception in a check means: a wrong submission, a check that its author has to mend, or a broken grader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import pytest

from autograder.blame import Call, Places, Trip, described, is_the_authors, open_question, place_of, reads_output
from autograder.bridge.naming import why_none
from autograder.checking.bench import Bench
from autograder.errors import CheckFailure, GraderError
from autograder.results import Outcome

_COULD_NOT_RUN = "The grader could not run this check. It costs no trust in your work: a person will look at it."
_PACKAGE = Path(__file__).parents[1]
_GRADERS = tuple(
    str(_PACKAGE / name)
    for name in ("bridge", "sandbox", "grade", "checking/mark.py", "checking/plugin.py", "checking/verdict.py")
)
"""Where nothing that is raised is the fault of a check or a submission."""


@dataclass(frozen=True)
class Verdict:
    """How a check that raised something ended."""

    outcome: Outcome
    feedback: str
    """What the student reads."""
    fault: str = ""
    """What the author has to mend."""
    problem: str = ""
    """A fault of the author's or the grader's, for a person."""
    trip: Trip | None = None
    """Where the check stopped in its own code: whose fault it is, the reference's answers have to tell."""


def verdict_on(
    error: BaseException, item: pytest.Item, *, hidden: bool, bench: Bench, places: Places, calls: Sequence[Call]
) -> Verdict:
    """The verdict on a check that raised ``error``, after the submission had answered ``calls``."""
    if isinstance(error, CheckFailure):
        text = error.message if hidden or not error.reveal else str(error)
        submission = bench.submission
        told = why_none(text, submission.known_report().remarks, submission.code.locate)
        return Verdict(Outcome(error.outcome), told)
    if isinstance(error, pytest.skip.Exception):
        return Verdict(Outcome.SKIPPED, str(error))
    graders = _raised_by_grader(error.__traceback__)
    if isinstance(error, AssertionError) and not graders and not places.in_trusted_code(error):
        return Verdict(Outcome.FAILED, _assertion_text(error, hidden))
    ran = places.in_checks(error)
    if isinstance(error, pytest.fail.Exception) and ran:
        return Verdict(Outcome.FAILED, str(error) or "This check did not pass.")
    fault = f"{places.of(error) or place_of(item)}: {described(error)}"
    if isinstance(error, GraderError) or (graders and not is_the_authors(error)):
        return Verdict(Outcome.INTERNAL_ERROR, _COULD_NOT_RUN, problem=f"{item.name}: {described(error)}")
    if not ran or is_the_authors(error):
        return Verdict(Outcome.INTERNAL_ERROR, _told(fault, bench), fault, problem=f"{item.name}: {fault}")
    trip = Trip(described(error), tuple(calls), reads_output(error.__traceback__))
    if bench.reference is None:
        return Verdict(Outcome.FAILED, open_question(fault, trip.calls))
    return Verdict(Outcome.INTERNAL_ERROR, _COULD_NOT_RUN, fault, trip=trip)


def _told(fault: str, bench: Bench) -> str:
    if bench.reference is not None:
        return _COULD_NOT_RUN
    return f"This check could not be run, and that is not your fault. Please tell your instructor: {fault}"


def _assertion_text(error: AssertionError, hidden: bool) -> str:
    """The author's words; pytest's comparison of values only where nothing is hidden."""
    text = str(error)
    message, _, comparison = text.partition("\nassert ")
    if not text or text.startswith("assert "):
        return "This check did not pass." if hidden or not text else f"This check did not pass: {text.splitlines()[0]}"
    return message if hidden or not comparison else f"{message}\n({comparison.splitlines()[0]})"


def _raised_by_grader(traceback: TracebackType | None) -> bool:
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    return traceback is not None and traceback.tb_frame.f_code.co_filename.startswith(_GRADERS)
