"""A container's time is shared out among the checks; what did not run is for a person, never a zero."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from autograder.assignment import Limits
from autograder.errors import AssignmentError, CheckFailure
from autograder.grade import budget as budget_module
from autograder.grade.budget import SECONDS, Budget, container_seconds
from autograder.reports.gradebook import gradebook_csv
from autograder.results import Outcome
from autograder.submission import Submission

if TYPE_CHECKING:
    from autograder.grade.judge import Judge


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr(budget_module.time, "monotonic", lambda: now[0])
    return now


def begin(budget: Budget) -> float:
    """The seconds that the next check has."""
    item: Any = None
    budget.pytest_runtest_setup(item)
    return budget.check_ends() - budget_module.time.monotonic()


def test_a_check_has_half_of_what_is_left_and_the_last_one_all(clock: list[float]) -> None:
    budget = Budget(600.0)
    budget.pytest_collection_modifyitems([None] * 3)  # type: ignore[list-item]
    assert begin(budget) == 255.0  # a minute and a half is kept for what comes before and after
    clock[0] += 255
    assert begin(budget) == 127.5
    clock[0] += 55
    assert begin(budget) == 200.0


def test_a_check_that_has_too_little_is_not_run_and_says_what_took_the_time(clock: list[float]) -> None:
    budget = Budget(600.0)
    budget.pytest_collection_modifyitems([None] * 3)  # type: ignore[list-item]
    budget.spent = {"": 3.0, "train_model": 400.4, "double": 100.0}
    clock[0] += 506
    with pytest.raises(CheckFailure) as caught:
        begin(budget)
    assert caught.value.outcome == "internal_error"
    assert caught.value.message == (
        "Not run: the 600 seconds of this container were used up, most of them by `train_model` (400 s). That says "
        "nothing about your work here: a person will look at it."
    )


def test_the_start_counts_from_the_container(clock: list[float]) -> None:
    assert Budget(600.0, started=900.0).ends == 900.0 + 510.0


def test_how_many_seconds_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SECONDS, raising=False)
    assert container_seconds(Limits()) == 600.0
    assert container_seconds(Limits(container_seconds=2400.0)) == 2400.0
    monkeypatch.setenv(SECONDS, "300")
    assert container_seconds(Limits(container_seconds=2400.0)) == 300.0
    for given in ("soon", "-1", "nan", "inf", "0"):
        monkeypatch.setenv(SECONDS, given)
        with pytest.raises(AssignmentError, match=SECONDS):
            container_seconds(Limits())


def submitted(source: str) -> Submission:
    return Submission(source=source, name="ada", filename="tiny.py", kind="py", notes=(), digest="")


def test_a_container_without_time_gives_no_grade(judge: Judge, solution: str) -> None:
    budget = Budget(600.0, started=time.monotonic() - 600.0)
    report = judge.grade(submitted(solution), budget=budget)
    assert report.status == "internal_error"
    assert {check.outcome for check in report.checks} == {Outcome.INTERNAL_ERROR}
    assert {check.feedback.split(":")[0] for check in report.checks} == {"Not run"}
    assert report.integrity and "Not run" in report.integrity[0]
    assert gradebook_csv([report]).splitlines()[1].startswith("ada,internal_error,,")


def test_a_call_that_is_cut_off_by_the_containers_end_is_no_verdict(judge: Judge, solution: str) -> None:
    """The function may still have been within its own limit: on half a processor, say."""
    loop = f"{solution}\n\ndef descend(start, steps=3):\n    import time\n    time.sleep(600)\n"
    budget = Budget(600.0)
    budget.check_ends = lambda: time.monotonic() + 0.3  # type: ignore[method-assign]
    report = judge.grade(submitted(loop), budget=budget)
    outcomes = {check.check: check.outcome for check in report.checks}
    assert outcomes.pop("test_descends") is Outcome.INTERNAL_ERROR
    assert set(outcomes.values()) == {Outcome.PASSED}
    assert report.status == "internal_error"


def test_enough_time_changes_nothing(judge: Judge, solution: str) -> None:
    report = judge.grade(submitted(solution), budget=Budget(600.0))
    assert (report.status, report.score) == ("graded", 5.0)


def test_the_last_resort_ends_a_judge_that_hangs() -> None:
    program = (
        "import time\nfrom autograder.grade.budget import last_resort\n"
        "with last_resort(time.monotonic() + 60, lambda: print('never')):\n    pass\n"
        "with last_resort(time.monotonic() + 0.1, lambda: print('gave up', flush=True)):\n    time.sleep(600)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], env=os.environ, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "gave up\n")
