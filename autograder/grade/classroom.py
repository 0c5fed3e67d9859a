"""A class: many submissions, several judges, one gradebook; nothing is lost when one of them fails."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from autograder.adapters.atomic import write_atomically
from autograder.adapters.gradebook import gradebook_csv
from autograder.adapters.gradescope import gradescope_json
from autograder.adapters.names import unique_file_names
from autograder.assignment import Assignment
from autograder.errors import AssignmentError, SubmissionError
from autograder.grade.kept import KeptReports
from autograder.reports.html import class_page, student_page
from autograder.results import GradeReport, TaskScore
from autograder.scoring import rounded
from autograder.submission import Submission, SubmissionFile, read_submission, wanted

if TYPE_CHECKING:
    from autograder.grade.judge import Judge

_judges: dict[str, Judge] = {}
"""This process's judge, one per assignment; only ever filled in a pool's process."""


@dataclass(frozen=True)
class _Work:
    """One submission, and where its results go."""

    assignment: Assignment
    file: SubmissionFile
    folder: Path
    stem: str
    """The name of its files below ``folder``."""
    resume: bool = False
    """Take the report of an earlier run where nothing has changed since."""


def default_jobs() -> int:
    """One judge per processor that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def grade_class(
    assignment: Assignment,
    files: Sequence[SubmissionFile],
    out: Path,
    *,
    jobs: int | None = None,
    resume: bool = False,
    on_report: Callable[[GradeReport], None] = lambda report: None,
) -> list[GradeReport]:
    """The reports of a class in the order of names; writes everything below ``out`` as it goes.

    ``resume``: what an earlier run below ``out`` graded is not run again where neither the submission nor anything
    that decides its grade has changed. ``on_report`` is told of each submission as soon as it is graded. An assignment
    that cannot be run raises AssignmentError; a judge that breaks costs its submission an ``internal_error``, never
    the class.
    """
    for folder in ("results", "reports"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    names = unique_file_names([file.name for file in files])
    work = [_Work(assignment, file, out, names[file.name], resume) for file in files]
    reports = []
    for report in _graded(work, jobs or default_jobs()):
        reports.append(report)
        on_report(report)
    reports.sort(key=lambda report: report.submission)
    write_atomically(out / "grades.csv", gradebook_csv(reports).encode())
    write_atomically(out / "index.html", class_page(reports, assignment.title).encode())
    return reports


def _graded(work: Sequence[_Work], jobs: int) -> Iterator[GradeReport]:
    unfinished = list(work)
    for report, done in _through_pool(unfinished, min(jobs, len(work)) or 1):
        unfinished.remove(done)
        yield report
    # What is left was in flight when a judge broke: each gets a judge of its own, and a second chance.
    for item in list(unfinished):
        retried = [report for report, _ in _through_pool([item], 1)]
        yield retried[0] if retried else _written(_broken(item), item)


def _through_pool(work: Iterable[_Work], jobs: int) -> Iterator[tuple[GradeReport, _Work]]:
    """The reports as they come; ends early, and silently, when a process of the pool dies."""
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        pending: dict[Future[GradeReport], _Work] = {pool.submit(_grade, item): item for item in work}
        try:
            while pending:
                done, _ = wait(pending, return_when=FIRST_COMPLETED)
                for future in done:
                    yield future.result(), pending.pop(future)
        except BrokenProcessPool:
            return
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _grade(work: _Work) -> GradeReport:
    """Grades one submission in a process of the pool."""
    assignment = work.assignment
    try:
        stub = assignment.stub.read_text(encoding="utf-8")
        submission = read_submission(work.file, assignment.slug, stub, wanted(assignment))
    except SubmissionError as error:
        refused = unreadable(assignment, work.file.name, str(error))
        return _written(msgspec.structs.replace(refused, remarks=(*work.file.remarks, str(error))), work)
    with KeptReports(work.folder) as kept:
        report = kept.find(assignment, submission) if work.resume else None
        if report is None:
            report = _judged(work, submission)
            kept.keep(assignment, submission, report)
    return _written(msgspec.structs.replace(report, remarks=submission.remarks), work)


def _judged(work: _Work, submission: Submission) -> GradeReport:
    from autograder.grade.judge import Judge

    assignment = work.assignment
    if assignment.slug not in _judges:
        _judges[assignment.slug] = Judge(assignment)
    path = _results_path(work)
    judge = _judges[assignment.slug]
    try:
        report = judge.grade(submission, lambda report: write_atomically(path, gradescope_json(report)))
    except AssignmentError:
        raise
    except Exception as error:  # whatever it is, it is no fault of the student and no reason to stop the class  # noqa: BLE001
        report = empty_report(
            assignment, work.file.name, "internal_error", integrity=(f"{type(error).__name__}: {error}",)
        )
    if report.status == "internal_error":
        # The next submission gets a judge of its own: this one's worker may be gone.
        del _judges[assignment.slug]
        with contextlib.suppress(OSError):
            judge.close()
    return report


def _written(report: GradeReport, work: _Work) -> GradeReport:
    """Writes what one submission's report says, and returns it."""
    write_atomically(_results_path(work), gradescope_json(report))
    page = work.folder / "reports" / f"{work.stem}.html"
    write_atomically(page, student_page(report).encode())
    return report


def _results_path(work: _Work) -> Path:
    return work.folder / "results" / f"{work.stem}.json"


def unreadable(assignment: Assignment, name: str, reason: str) -> GradeReport:
    """The report of a submission that no check could run on: zero points, and the reason."""
    return empty_report(assignment, name, "unreadable", notes=(reason,))


def _broken(work: _Work) -> GradeReport:
    reason = "The judge ended twice while it graded this submission: please look at it by hand."
    return empty_report(work.assignment, work.file.name, "internal_error", integrity=(reason,))


def empty_report(
    assignment: Assignment, name: str, status: str, notes: tuple[str, ...] = (), integrity: tuple[str, ...] = ()
) -> GradeReport:
    """The report of a submission on which no check has run."""
    return GradeReport(
        submission=name,
        assignment=assignment.slug,
        title=assignment.title,
        status=status,
        tasks=tuple(TaskScore(task.id, task.title, 0.0, rounded(task.points)) for task in assignment.tasks),
        notes=notes,
        integrity=integrity,
        max_score=rounded(assignment.max_score),
    )
