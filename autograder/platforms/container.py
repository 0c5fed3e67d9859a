"""A grading container: one submission under a fixed root, results in the files that the platform reads.

The layout is Gradescope's, and Otter's: ``submission/``, ``submission_metadata.json``, ``source/``, ``results/``.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import msgspec

from autograder.assignment import Assignment, Course
from autograder.errors import AutograderError, UsageError
from autograder.grade.atomic import write_atomically
from autograder.grade.budget import Budget, container_seconds, last_resort
from autograder.grade.single import grade_single
from autograder.grade.unfinished import empty_report
from autograder.platforms.gradescope.standing import Standing, read_standing, with_leaderboard, with_standing
from autograder.platforms.layout import COURSE
from autograder.platforms.otter.results_pickle import otter_pickle
from autograder.reports.results_json import as_json, gradescope_results
from autograder.results import GradeReport
from autograder.submission import SubmissionFile


def grade_container(root: Path, course: Path | None = None, slug: str = "") -> GradeReport:
    """The report of the submission below ``root``; its results are written at once, and after every check.

    Raises what went wrong in the grader or the assignment, after writing results that say so.
    """
    started = time.monotonic()
    assignment = _assignment(course or root / COURSE, slug)
    submitted = root / "submission"
    if not submitted.is_dir():
        raise UsageError(f"{submitted} does not exist: this is not the layout of a grading container.")
    standing = read_standing(root / "submission_metadata.json", assignment)
    target = root / "results" / "results.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    file = _submission(submitted)
    budget = Budget(container_seconds(assignment.limits), started)
    latest = empty_report(assignment, file.name, "incomplete")

    def write(report: GradeReport, *, final: bool = False) -> None:
        nonlocal latest
        latest = report
        # Pictures take time to draw: the results on the way are text, the last ones have everything.
        results = gradescope_results(report, html=final)
        write_atomically(target, as_json(_finished(results, report, assignment, standing, started)))

    def give_up() -> None:
        remark = "The time of the container ended before the grader did: look at this submission by hand."
        write(msgspec.structs.replace(latest, status="internal_error", integrity=(remark,)))

    if standing.refusal:
        report = empty_report(assignment, file.name, "refused", notes=(standing.refusal,))
    else:
        try:
            with last_resort(budget.last_moment, give_up):
                report = grade_single(assignment, file, write, budget)
        except AutograderError as error:
            write(empty_report(assignment, file.name, "internal_error", integrity=(str(error),)), final=True)
            raise
    write(report, final=True)
    pickled = root / "results" / "results.pkl"
    if pickled.exists():  # Otter puts an empty one there to be filled
        write_atomically(pickled, otter_pickle(report))
    return report


def _finished(
    results: dict[str, Any], report: GradeReport, assignment: Assignment, standing: Standing, started: float
) -> dict[str, Any]:
    results = with_leaderboard(results, report, assignment.leaderboard)
    results = with_standing(results, standing)
    results["execution_time"] = round(time.monotonic() - started, 3)
    return results


def _assignment(folder: Path, slug: str) -> Assignment:
    if not (folder / "assignments").is_dir():
        raise UsageError(f"{folder} is not a course: it has no assignments/ folder. Name one with --course.")
    course = Course(folder)
    slugs = course.slugs
    if not slug and len(slugs) != 1:
        raise UsageError(f"{folder} has {len(slugs)} assignments ({', '.join(slugs)}); name the one to grade.")
    return course.assignment(slug or slugs[0])


def _submission(folder: Path) -> SubmissionFile:
    """What was handed in: the only file, under its own name, else the whole folder."""
    files = [path for path in sorted(folder.iterdir()) if not path.name.startswith(".") and path.name != "__init__.py"]
    if len(files) == 1 and files[0].is_file() and not files[0].is_symlink():
        return SubmissionFile(files[0].stem, files[0])
    return SubmissionFile("submission", folder)
