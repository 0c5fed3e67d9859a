"""One submission through the real judge and the real worker."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from autograder.errors import AssignmentError, GraderError, SubmissionError
from autograder.grade import work
from autograder.grade.judge import Judge, summarize
from autograder.grade.start import start_judge
from autograder.results import CheckResult, GradeReport, Outcome
from autograder.sandbox.launch import Launched, launch
from autograder.submission import SubmissionFile, read_submission

if TYPE_CHECKING:
    from pathlib import Path

    from autograder.assignment import Assignment

Grade = Callable[..., GradeReport]
DOUBLE = "def double(number):\n"
DESCEND = "def descend(start, steps=3):\n"


def with_descend(solution: str, body: str) -> str:
    """The solution with another ``descend``."""
    return f"{solution}\n\n{DESCEND}{body}"


def outcome(report: GradeReport, name: str) -> tuple[Outcome, str]:
    (check,) = (check for check in report.checks if check.check == name)
    return check.outcome, check.feedback


def test_the_solution_earns_full_marks(grade: Grade, solution: str) -> None:
    report = grade(solution)
    assert (report.status, report.score, report.max_score) == ("graded", 5.0, 5.0)
    assert [(task.id, task.score, task.max_score) for task in report.tasks] == [("1", 3.0, 3.0), ("2", 2.0, 2.0)]
    assert report.categories == {"correctness": (3.0, 3.0), "convergence": (2.0, 2.0)}
    assert report.integrity == ()
    assert report.student_seconds > 0
    assert report.student_seconds == pytest.approx(math.fsum(check.student_seconds for check in report.checks))
    assert report.seconds > 0


def test_the_stub_earns_nothing(grade: Grade, stub: str) -> None:
    report = grade(stub)
    assert (report.status, report.score) == ("graded", 0.0)
    assert {check.feedback for check in report.checks} == {
        "`double` is not implemented yet.",
        "`descend` is not implemented yet.",
    }


def test_reports_on_the_way_are_incomplete_and_grow(judge: Judge, solution: str) -> None:
    from autograder.submission import Submission

    published: list[GradeReport] = []
    final = judge.grade(Submission("ada", "tiny.py", "py", solution, ("A note.",), ""), published.append)
    assert [report.status for report in published] == ["incomplete"] * 5 + ["graded"]
    assert [len(report.checks) for report in published] == [0, 1, 2, 3, 4, 4]
    assert published[-1] == final
    assert all(report.notes == ("A note.",) and report.max_score == 5.0 for report in published)
    assert published[0].score == 0.0


ACCIDENTS = [
    (
        "    while True:\n        start += 1\n",
        Outcome.TIMED_OUT,
        "`descend` used more than 1 second of processor time and was stopped in the loop on line WHILE. Look for a "
        "loop that never ends, or for work that grows with every step.\n    while True:",
    ),
    (
        "    import time\n    time.sleep(60)\n",
        Outcome.TIMED_OUT,
        "`descend` spent more than 2 seconds waiting instead of computing. When it was stopped, it was asleep on line "
        "LINE. Nothing that is graded needs a pause: take it out.\n    time.sleep(60)",
    ),
    ("    import os\n    os._exit(0)\n", Outcome.ERROR, "`descend` ended the Python process (exit code 0)."),
    (
        "    import os, signal\n    os.kill(os.getpid(), signal.SIGSEGV)\n",
        Outcome.ERROR,
        "`descend` ended the Python process (signal SIGSEGV).",
    ),
    (
        "    hog = []\n    while True:\n        hog.append(torch.empty(2**22))\n",
        Outcome.MEMORY_EXCEEDED,
        "`descend` asked for more memory than the grader allows. Look for tensors that grow with every step.",
    ),
    (
        "    return torch.zeros(10**9)\n",
        Outcome.MEMORY_EXCEEDED,
        "`descend` asked for more memory than the grader allows. Look for tensors that grow with every step.",
    ),
    (
        "    exit()\n",
        Outcome.ERROR,
        "`descend` ended the program on line LINE (SystemExit). A function should return its result instead.",
    ),
    (
        "    class Odd(Exception):\n        def __str__(self):\n            raise SystemExit\n    raise Odd\n",
        Outcome.ERROR,
        "`descend` stopped with Odd on line LINE.\n    raise Odd",
    ),
    (
        "    return [math.nan] * 3, 1.0\n",
        Outcome.ERROR,
        "`descend` stopped with NameError on line LINE: name 'math' is not defined\n    return [math.nan] * 3, 1.0\n"
        "`import math` is missing at the top of your file.",
    ),
    (
        "    return [16.0, 4.0, float('nan')], 0.5\n",
        Outcome.FAILED,
        "In the result of `descend`, losses[2] is nan (not a number), where a number was asked for.",
    ),
    (
        "    return [16.0, 4.0, 1.0]\n",
        Outcome.FAILED,
        "`descend` returned a list, where a tuple of 2 values (losses, x) was asked for.",
    ),
    (
        "    return [16.0, 4.0, 1.0], torch.tensor(0.5)\n",
        Outcome.FAILED,
        "In the result of `descend`, x is a tensor of shape () holding 0.5, where a Python float was "
        "asked for. Use `.item()`.",
    ),
    (
        "    return [16.0, 4.0, 1.0], 0.5, None\n",
        Outcome.FAILED,
        "`descend` returned 3 values, where 2 were asked for (losses, x).",
    ),
    (
        "    yield 1\n",
        Outcome.FAILED,
        "`descend` returned a generator, which holds no values yet, where a tuple of 2 values (losses, x) "
        "was asked for.",
    ),
]


NAMES = (
    "endless loop, long sleep, os._exit, crash, memory bit by bit, memory at once, exit(), hostile exception, "
    "name error, nan, arity, tensor for float, too many values, generator"
)


@pytest.mark.parametrize(("body", "verdict", "said"), ACCIDENTS, ids=NAMES.split(", "))
def test_an_accident_costs_its_own_check_only(
    grade: Grade, solution: str, body: str, verdict: Outcome, said: str
) -> None:
    source = with_descend(solution, body)
    said = said.replace("LINE", str(source.count("\n"))).replace("WHILE", str(source.count("\n") - 1))
    report = grade(source)
    assert outcome(report, "test_descends") == (verdict, said)
    assert (report.status, report.score) == ("graded", 3.0)


def test_a_flood_of_output_costs_nothing(grade: Grade, solution: str) -> None:
    flood = "    import os\n    print('a' * 10**6)\n    os.write(1, b'b' * 10**6)\n    return [16.0, 4.0, 1.0], 0.5\n"
    assert grade(with_descend(solution, flood)).score == 5.0


def test_a_submission_cannot_disturb_the_next_one(grade: Grade, solution: str) -> None:
    grade(f"{solution}\n\ntorch.manual_seed = None\ntorch.set_default_dtype(torch.float64)\n")
    assert grade(solution).score == 5.0


def test_a_file_that_ends_python_while_it_is_imported(grade: Grade) -> None:
    report = grade("import os\nos._exit(3)\n")
    assert (report.status, report.score) == ("graded", 0.0)
    assert {check.feedback for check in report.checks} == {
        "Your file ended the Python process while it was imported (exit code 3)."
    }


def test_a_notebook_is_graded_and_its_lines_are_named_by_cell(judge: Judge, tmp_path: Path, solution: str) -> None:
    import json

    cells = [solution, "descend(4.0); 1 / 0", f"{DESCEND}    return 1 / 0"]
    notebook = {
        "cells": [{"cell_type": "code", "metadata": {}, "source": cell, "outputs": []} for cell in cells],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 4,
    }
    path = tmp_path / "tiny.ipynb"
    path.write_text(json.dumps(notebook))
    report = judge.grade(read_submission(SubmissionFile("ada", path), "tiny"))
    assert outcome(report, "test_descends") == (
        Outcome.ERROR,
        "`descend` stopped with ZeroDivisionError on code cell 3, line 2: division by zero\n    return 1 / 0",
    )
    assert report.score == 3.0
    assert any("cell 2" in note for note in report.notes)


def test_summaries_are_clamped_to_nothing_but_what_ran(tiny: Assignment) -> None:
    report = summarize(tiny, "ada", [CheckResult("1", "t", "T", "correctness", 2.0, 1.5)], status="incomplete")
    assert (report.score, report.max_score, report.categories) == (1.5, 5.0, {"correctness": (1.5, 2.0)})


class BreakingJudge:
    """Breaks at its first submission; its successor grades."""

    made = 0
    is_lost = False

    def __init__(self, assignment: Assignment, launched: Launched) -> None:
        launched.end()
        type(self).made += 1
        self.number = type(self).made
        self.assignment = assignment

    def grade(self, submission: Any) -> GradeReport:
        if self.number == 1:
            raise self.error
        return summarize(self.assignment, submission.name, [], status="graded")

    def close(self) -> None: ...


@pytest.mark.parametrize(
    "error", [GraderError("pytest ended with status 3"), OSError("no space left"), KeyError("bug")]
)
def test_a_judge_that_breaks_costs_its_submission_only(
    tiny: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, solution: str, error: Exception
) -> None:
    breaking = type("Breaking", (BreakingJudge,), {"error": error, "made": 0})
    monkeypatch.setattr("autograder.grade.judge.Judge", breaking)
    monkeypatch.setattr(work, "judges", {})
    reports = [grade_in_pool(tiny, tmp_path, name, solution) for name in ("ada", "ben")]
    assert [report.status for report in reports] == ["internal_error", "graded"]
    assert reports[0].integrity == (f"{type(error).__name__}: {error}",)
    assert (tmp_path / "results" / "ada.json").exists() and (tmp_path / "reports" / "ada.html").exists()


def test_an_assignment_that_cannot_run_stops_the_class(
    tiny: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, solution: str
) -> None:
    breaking = type("Breaking", (BreakingJudge,), {"error": AssignmentError("test_x has no marker"), "made": 0})
    monkeypatch.setattr("autograder.grade.judge.Judge", breaking)
    monkeypatch.setattr(work, "judges", {})
    with pytest.raises(AssignmentError):
        grade_in_pool(tiny, tmp_path, "ada", solution)


def test_a_judge_that_cannot_start_leaves_no_process(
    tiny: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Launched] = []
    monkeypatch.setattr("autograder.grade.start.launch", lambda: started.append(launch()) or started[-1])
    broken = tmp_path / "tiny"
    shutil.copytree(tiny.solution.parent, broken)
    (broken / "tiny.py").write_text("raise RuntimeError\n")
    with pytest.raises(AssignmentError, match="cannot be imported: RuntimeError"):
        start_judge(type(tiny)("tiny", tiny.folder, broken))
    assert [one.process.poll() is not None for one in started] == [True]


def grade_in_pool(assignment: Assignment, folder: Path, name: str, source: str) -> GradeReport:
    """What a judge's process does with one submission."""
    for sub in ("results", "reports"):
        (folder / sub).mkdir(exist_ok=True)
    path = folder / f"{name}.py"
    path.write_text(source)
    item = work.Work(assignment, SubmissionFile(name, path), folder, name)
    graded = work.grade(item, is_last_try=True)
    assert graded is not None
    return work.write(graded, item)


def test_an_unreadable_submission_is_a_zero_with_a_reason(tiny: Assignment, tmp_path: Path) -> None:
    report = grade_in_pool(tiny, tmp_path, "ada", "   \n")
    assert (report.status, report.score, report.max_score) == ("unreadable", 0.0, 5.0)
    assert report.notes == ("ada.py is empty. Was it saved before you handed it in?",)
    with pytest.raises(SubmissionError):
        read_submission(SubmissionFile("ada", tmp_path / "nothing.py"), "tiny")


@pytest.mark.parametrize("is_lost", [True, False])
def test_only_what_a_lost_worker_failed_on_is_tried_again(
    tiny: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, solution: str, is_lost: bool
) -> None:
    class FailingJudge(BreakingJudge):
        made = 0

        def grade(self, submission: Any) -> GradeReport:
            return summarize(self.assignment, submission.name, [], status="internal_error")

    monkeypatch.setattr(FailingJudge, "is_lost", is_lost)
    monkeypatch.setattr("autograder.grade.judge.Judge", FailingJudge)
    monkeypatch.setattr(work, "judges", {})
    path = tmp_path / "ada.py"
    path.write_text(solution)
    item = work.Work(tiny, SubmissionFile("ada", path), tmp_path, "ada")
    tries = [work.grade(item, is_last_try=last) for last in (False, True)]
    statuses = [graded and graded.report.status for graded in tries]
    assert statuses == [None if is_lost else "internal_error", "internal_error"]
    assert FailingJudge.made == (2 if is_lost else 1)


def test_a_worker_that_was_killed_is_lost(tiny: Assignment, solution: str) -> None:
    import os
    import signal

    from autograder.submission import Submission

    submission = Submission("ada", "tiny.py", "py", solution, (), "")
    with Judge(tiny) as judge:
        assert judge.grade(submission).status == "graded" and not judge.is_lost
        os.kill(judge._zygote.pid, signal.SIGKILL)
        assert judge.grade(submission).status == "internal_error" and judge.is_lost
