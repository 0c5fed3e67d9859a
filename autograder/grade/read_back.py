"""Results read back from ``results/*.json``, where an earlier version or a damaged store left nothing else."""

from __future__ import annotations

import math
from pathlib import Path

import msgspec

from autograder.assignment import Assignment
from autograder.errors import UsageError
from autograder.grade.kept import Kept
from autograder.results import CheckResult, GradeReport, Outcome
from autograder.scoring import rounded, task_scores

_NOISE = 1e-3
"""Cases of a check share its points, and each share was rounded."""


class _CheckExtra(msgspec.Struct):
    task: str
    category: str
    outcome: Outcome


class _Check(msgspec.Struct):
    name: str
    score: float
    max_score: float
    extra_data: _CheckExtra
    visibility: str = "visible"


class _Extra(msgspec.Struct):
    submission: str
    status: str
    categories: dict[str, tuple[float, float]]


class _Results(msgspec.Struct):
    """The part of results.json that a gradebook needs."""

    score: float
    execution_time: float
    extra_data: _Extra
    tests: tuple[_Check, ...]


def read_back(folder: Path, assignment: Assignment) -> list[Kept]:
    """What the files below ``folder/results`` say; other files are passed over.

    Raises UsageError where they are results of another assignment.
    """
    found: dict[str, Kept] = {}
    for path in sorted((folder / "results").glob("*.json")):
        try:
            results = msgspec.json.decode(path.read_bytes(), type=_Results)
        except (OSError, msgspec.MsgspecError):
            continue
        report = _report(results, assignment)
        if report is None:
            raise UsageError(
                f"{path} is no result of {assignment.slug}, whose tasks have other names or points. "
                "Name another folder with --out, or replace what is there with --fresh."
            )
        if report.status != "incomplete":
            found[report.submission] = Kept(report, path.stem, "", "")
    return list(found.values())


def result_files(folder: Path) -> list[str]:
    """The stems of the files below ``folder/results`` that this program wrote, whatever the assignment."""
    stems = []
    for path in sorted((folder / "results").glob("*.json")):
        try:
            msgspec.json.decode(path.read_bytes(), type=_Results)
        except (OSError, msgspec.MsgspecError):
            continue
        stems.append(path.stem)
    return stems


def _report(results: _Results, assignment: Assignment) -> GradeReport | None:
    checks = tuple(
        CheckResult(
            task=test.extra_data.task,
            check=test.name,
            title=test.name,
            category=test.extra_data.category,
            max_score=test.max_score,
            score=test.score,
            outcome=test.extra_data.outcome,
            visibility=test.visibility,
        )
        for test in results.tests
    )
    if not _fits(checks, assignment, is_whole=results.extra_data.status == "graded"):
        return None
    return GradeReport(
        submission=results.extra_data.submission,
        assignment=assignment.slug,
        title=assignment.title,
        status=results.extra_data.status,
        tasks=task_scores(assignment.tasks, checks),
        checks=checks,
        categories=results.extra_data.categories,
        score=results.score,
        max_score=rounded(assignment.max_score),
        seconds=results.execution_time,
    )


def _fits(checks: tuple[CheckResult, ...], assignment: Assignment, *, is_whole: bool) -> bool:
    """Whether these can be checks of this assignment: its tasks, and no more (when whole: no fewer) points."""
    known = {task.id: task.points for task in assignment.tasks}
    if not {check.task for check in checks} <= set(known):
        return False
    for task, points in known.items():
        found = math.fsum(check.max_score for check in checks if check.task == task)
        if found > points + _NOISE or (is_whole and found < points - _NOISE):
            return False
    return True
