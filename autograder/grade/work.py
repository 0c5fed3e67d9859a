"""What a judge's process does with one submission of a class: read it, look for an earlier result, grade, write."""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from autograder.assignment import Assignment
from autograder.errors import AutograderError, GraderError, SubmissionError, WorkerError
from autograder.grade.atomic import write_atomically
from autograder.grade.kept import Kept, KeptReports, key_of, key_of_unreadable
from autograder.grade.start import start_judge
from autograder.grade.unfinished import empty_report, unreadable
from autograder.reports.figures import load_matplotlib
from autograder.reports.html import student_page
from autograder.reports.results_json import gradescope_json
from autograder.reports.text import plain_line
from autograder.results import GradeReport
from autograder.submission import Submission, SubmissionFile, read_submission, wanted

if TYPE_CHECKING:
    from autograder.grade.judge import Judge

judges: dict[str, Judge] = {}
"""This process's judge, one per assignment; only ever filled in a judge's process."""


@dataclass(frozen=True)
class Work:
    """One submission, and where its results go."""

    assignment: Assignment
    file: SubmissionFile
    folder: Path
    stem: str
    """The name of its files below ``folder``."""

    @property
    def handed_in(self) -> str:
        """What it is graded from, for a person."""
        return plain_line((self.file.inside or self.file.path.name).rstrip("/"))


@dataclass(frozen=True)
class Graded:
    """A report that has not been written yet."""

    report: GradeReport
    key: str = ""


def look_up(work: Work) -> GradeReport | None:
    """What an earlier run found, its files in place; None where the submission has to be graded."""
    try:
        submission = _read(work)
        key, remarks = key_of(work.assignment, submission), submission.remarks
    except SubmissionError as error:
        key, remarks = key_of_unreadable(work.assignment, work.handed_in, str(error)), _remarks(work, error)
    with contextlib.suppress(sqlite3.Error), KeptReports(work.folder) as kept:  # a store that fails costs time only
        found = kept.find(work.file.name, key)
        if found is not None:
            report = msgspec.structs.replace(found, remarks=remarks)  # on what lies beside it today
            # The results are written last: where they are right, the store and the page are, too.
            if report != found or not _is_written(report, work):
                write(Graded(report, key), work)
            return report
    return None


def grade(work: Work, *, is_last_try: bool) -> Graded | None:
    """The report of one submission; None where another judge had better try, for this one's worker was lost."""
    assignment = work.assignment
    try:
        submission = _read(work)
    except SubmissionError as error:
        key = key_of_unreadable(assignment, work.handed_in, str(error))
        refused = unreadable(assignment, work.file.name, str(error))
        return Graded(msgspec.structs.replace(refused, remarks=_remarks(work, error)), key)
    report = _judged(assignment, submission, is_last_try=is_last_try)
    if report is None:
        return None
    report = msgspec.structs.replace(report, remarks=submission.remarks)
    return Graded(report, key_of(assignment, submission) if report.status == "graded" else "")


def write(graded: Graded, work: Work) -> GradeReport:
    """Writes what one submission's report says, the store first, and returns it."""
    report = graded.report
    # Where the store cannot be written, the class still gets its gradebook from what the judges say.
    with contextlib.suppress(sqlite3.Error), KeptReports(work.folder) as kept:
        kept.keep([Kept(report, work.stem, work.handed_in, work.assignment.digest, graded.key)])
    write_files(report, work.folder, work.stem)
    return report


def results_path(folder: Path, stem: str) -> Path:
    """Where the results of one submission lie."""
    return folder / "results" / f"{stem}.json"


def write_files(report: GradeReport, folder: Path, stem: str) -> None:
    """Writes a student's page and, last, the results."""
    page = student_page(report)
    try:
        write_atomically(folder / "reports" / f"{stem}.html", page)
        write_atomically(results_path(folder, stem), gradescope_json(report))
    except OSError as error:
        raise GraderError(
            f"The results of {report.submission} cannot be written: {error.strerror}. "
            "What was graded before is kept; mend that and run the same command again."
        ) from None


def _read(work: Work) -> Submission:
    assignment = work.assignment
    stub = assignment.stub.read_text(encoding="utf-8")
    return read_submission(work.file, assignment.slug, stub, wanted(assignment))


def _remarks(work: Work, error: SubmissionError) -> tuple[str, ...]:
    return (*work.file.remarks, str(error))


def _judged(assignment: Assignment, submission: Submission, *, is_last_try: bool) -> GradeReport | None:
    judge = judges.get(assignment.slug) or _new_judge(assignment)
    judges[assignment.slug] = judge
    is_broken = False
    try:
        report = judge.grade(submission)
    except Exception as error:  # whatever it is, it is no fault of the student and no reason to stop the class
        if isinstance(error, AutograderError) and not isinstance(error, GraderError):
            raise
        report, is_broken = _internal_error(assignment, submission.name, error), True
    is_lost = report.status == "internal_error" and judge.is_lost
    if is_lost or is_broken:
        # The next submission, or this one's second try, gets a judge of its own.
        del judges[assignment.slug]
        with contextlib.suppress(OSError):
            judge.close()
    return None if is_lost and not is_last_try else report


def _new_judge(assignment: Assignment) -> Judge:
    try:
        return start_judge(assignment, load_matplotlib)
    except WorkerError:
        # Its worker may have been killed while it started; what is wrong with this machine is wrong again.
        return start_judge(assignment)


def _internal_error(assignment: Assignment, name: str, error: Exception) -> GradeReport:
    return empty_report(assignment, name, "internal_error", integrity=(f"{type(error).__name__}: {error}",))


def _is_written(report: GradeReport, work: Work) -> bool:
    try:
        is_same = results_path(work.folder, work.stem).read_bytes() == gradescope_json(report)
    except OSError:
        return False
    return is_same and (work.folder / "reports" / f"{work.stem}.html").is_file()
