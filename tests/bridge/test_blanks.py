"""Functions that are missing, blank or under another name: known without a call, and said."""

from __future__ import annotations

from autograder.bridge.proxy import SubmissionProxy
from tests.bridge.conftest import Line, failure, proxied


def test_missing_blank_and_renamed(line: Line) -> None:
    submission = proxied(line, signatures={"double": ("x",), "blank": ("x",)})
    submission.task_functions = frozenset({"blank"})
    assert failure(submission.duble).message == (
        "`duble` was not found in your submission. Define it at the top level of your file, with exactly this name."
    )
    assert failure(lambda: submission.blank(1)).message == "`blank` is not implemented yet."
    assert failure(lambda: submission.double(x=1)).message == (
        "`double(number)` on line 5 should be `double(x)`: the parameters' names are part of the task. Missing: `x`."
    )
    assert line.calls == []  # all of that is known without a call


def test_only_an_extra_function_of_the_students_own_is_to_be_renamed(line: Line) -> None:
    submission = proxied(line)
    there = "`duble` was not found in your submission. There is `double` on line 5: if that is the one, rename it to "
    assert failure(submission.duble).message == f"{there}`duble`."
    submission.assignment_names = frozenset({"double"})
    assert failure(submission.duble).message == (
        "`duble` was not found in your submission. Define it at the top level of your file, with exactly this name."
    )


def test_a_blank_of_another_task_skips_the_check(submission: SubmissionProxy) -> None:
    submission.task_functions = frozenset({"double"})
    told = failure(lambda: submission.blank(1))
    assert (told.message, told.outcome) == (
        "Skipped: this check needs `blank`, which is not implemented yet.",
        "skipped",
    )


def test_a_blank_below_a_written_function_is_named(submission: SubmissionProxy) -> None:
    assert failure(submission.calls_blank).message == "`blank` is not implemented yet."
