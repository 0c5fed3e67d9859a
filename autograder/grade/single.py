"""One submission, graded by a judge of its own: what grading containers and notebooks of nbgrader ask for."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from autograder.assignment import Assignment, Course
from autograder.errors import SubmissionError
from autograder.grade.start import start_judge
from autograder.grade.unfinished import unreadable
from autograder.results import GradeReport
from autograder.submission import SubmissionFile, read_submission, wanted

if TYPE_CHECKING:
    from autograder.grade.budget import Budget


def grade_single(
    assignment: Assignment,
    file: SubmissionFile,
    publish: Callable[[GradeReport], None] = lambda report: None,
    budget: Budget | None = None,
) -> GradeReport:
    """The report of one submission. When it returns, no process that ran the student's code is alive.

    ``budget``: the time on the clock that there is for it, where the platform sets an end.
    """
    try:
        submission = read_submission(
            file, assignment.slug, assignment.stub.read_text(encoding="utf-8"), wanted(assignment)
        )
    except SubmissionError as error:
        report = unreadable(assignment, file.name, str(error))
        publish(report)
        return report
    # No gate here: `autograder release` graded the reference before it made the zip, and a container has ten minutes
    # for one submission. A check that cannot be run all the same is flagged, and its points are not counted.
    with start_judge(assignment) as judge:
        return judge.grade(submission, publish, budget)


def main(arguments: list[str]) -> None:
    """Writes the report of ``arguments`` = (course, slug, submission) to stdout as JSON."""
    course, slug, path = arguments
    # What is printed along the way must not end up in the report.
    report_stream = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    report = grade_single(Course(Path(course)).assignment(slug), SubmissionFile(Path(path).stem, Path(path)))
    with report_stream:
        report_stream.write(msgspec.json.encode(report))


if __name__ == "__main__":
    main(sys.argv[1:])
