"""Notebooks before the judge: what they cost, what they lose, and where their faults are said to be."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from autograder.bridge.local_channel import LocalChannel
from autograder.bridge.proxy import SubmissionProxy
from autograder.checking.submitted import graded_names, submission_code
from autograder.errors import CheckFailure
from autograder.release.student import filled_notebook
from autograder.submission import Submission, SubmissionFile, read_submission

if TYPE_CHECKING:
    from autograder.assignment import Assignment, Limits
    from autograder.grade.judge import Judge
    from autograder.results import GradeReport

HandIn = Callable[..., Submission]

TRAINS = """\
import torch

double = lambda number: 2 * number

def descend(start, steps=3):
    x = torch.tensor(start, requires_grad=True)
    for _ in range(steps):
        loss = x ** 2
        loss.backward()
        with torch.no_grad():
            x -= 0.25 * x.grad
"""


@pytest.fixture
def hand_in(tmp_path: Path) -> HandIn:
    """A notebook of these code cells, as intake reads it."""

    def write(*cells: str) -> Submission:
        code = [{"cell_type": "code", "metadata": {}, "source": cell, "outputs": []} for cell in cells]
        path = tmp_path / "tiny.ipynb"
        path.write_text(json.dumps({"cells": code, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}))
        return read_submission(SubmissionFile("ada", path), "tiny")

    return write


@pytest.fixture
def opened(tiny: Assignment, hand_in: HandIn) -> Iterator[Callable[..., SubmissionProxy]]:
    """The functions of a notebook, called in this process."""
    import torch

    state = torch.get_rng_state()

    def open_notebook(*cells: str, limits: Limits = tiny.limits) -> SubmissionProxy:
        return SubmissionProxy(submission_code(hand_in(*cells), tiny), LocalChannel, limits)

    yield open_notebook
    torch.set_rng_state(state)
    sys.modules.pop("tiny", None)


def feedback(report: GradeReport, name: str) -> str:
    return next(check for check in report.checks if check.check == name).feedback


def test_what_checks_may_ask_for(tiny: Assignment) -> None:
    assert graded_names(tiny) == ("descend", "double", "given_number")


def test_a_delivered_notebook_costs_what_its_code_costs(
    judge: Judge, tiny: Assignment, tmp_path: Path, grade: Callable[[str], GradeReport], solution: str
) -> None:
    path = tmp_path / "tiny.ipynb"
    path.write_bytes(filled_notebook(tiny))
    assert "import otter" in path.read_text() and "grader.check" in path.read_text()
    report = judge.grade(read_submission(SubmissionFile("ada", path), "tiny"))
    assert (report.score, report.notes, report.integrity) == (5.0, (), ())
    # Processor time, and a slack for the clock's ticks: the release's own cells would take many seconds.
    assert report.student_seconds <= 1.2 * grade(solution).student_seconds + 0.5


def test_edited_and_copied_set_up_earns_no_remark(judge: Judge, hand_in: HandIn, solution: str) -> None:
    merged = "import math, otter, autograder as grader\ngrader = otter.Notebook()\ngrader.check_all()"
    report = judge.grade(hand_in(merged, solution, "grader.check('1')", "import autograder\nautograder.check('2')"))
    assert (report.score, report.notes, report.integrity) == (5.0, (), ())


def test_a_name_that_could_not_be_made_is_the_reason(judge: Judge, hand_in: HandIn, solution: str) -> None:
    cells = (
        solution.partition("def descend")[0],
        "FACTOR = float(open('factor.txt').read())\n\ndef double(number): return FACTOR * number",
        "def descend(start, steps=STEPS):\n    return 1",
        "1 +\nSTEPS = 3",
    )
    report = judge.grade(hand_in(*cells))
    reason = (
        "`FACTOR` is missing because of code cell 2, line 1: `FACTOR = float(open('factor.txt').read())`: "
        "FileNotFoundError: [Errno 2] No such file or directory: 'factor.txt'."
    )
    assert feedback(report, "test_doubles[1.0]") == (
        "`double` stopped with NameError on code cell 2, line 3: name 'FACTOR' is not defined. "
        f"{reason}\n    def double(number): return FACTOR * number"
    )
    assert feedback(report, "test_descends") == (
        "`descend` is missing because of code cell 3, line 1: `def descend(start, steps=STEPS):`: "
        "NameError: name 'STEPS' is not defined."
    )
    assert any(note.startswith("Code cell 2, line 1: `FACTOR = ") for note in report.notes)


def test_a_finding_names_the_cell_the_line_and_its_text(opened: Callable[..., SubmissionProxy]) -> None:
    trace = opened("%matplotlib inline", TRAINS).traced.descend(4.0)
    with pytest.raises(CheckFailure) as caught:
        trace.expect_clean()
    (found,) = caught.value.diagnostics
    assert (found.code, found.line, found.place) == ("GH101", 9, "code cell 2, line 9")
    assert found.source == "loss.backward()"
    assert str(caught.value).startswith("Code cell 2, line 9 (`loss.backward()`): `x.grad` still held ")
    assert "after the update on code cell 2, line 11." in found.message


def test_where_two_runs_part_is_named_by_cell(opened: Callable[..., SubmissionProxy], tiny: Assignment) -> None:
    from autograder.checks.training import assert_same_run

    with pytest.raises(CheckFailure) as caught:
        assert_same_run(
            opened("", TRAINS).traced.descend(4.0),
            opened("", TRAINS + "            x.grad = None").traced.descend(4.0),
            atol=1e-6,
        )
    assert "code cell 2, line " in str(caught.value)
    assert " on line " not in str(caught.value)


def test_training_that_a_graded_function_needs_is_cut_off_and_said(
    opened: Callable[..., SubmissionProxy], tiny: Assignment
) -> None:
    import msgspec

    limits = msgspec.structs.replace(tiny.limits, load_seconds=0.5)
    proxy = opened("x = 0\nwhile True:\n    x += 1\ndef double(number): return 2 * number + 0 * x", limits=limits)
    assert proxy.double(3) == 6
    (note,) = proxy.load_report().notes
    assert note.startswith("Code cell 1, line 2: `while True:`: it used more than 0.15 s of processor time")
