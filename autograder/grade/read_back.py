"""Results read back from ``results/*.json``, where an earlier version or a damaged store left nothing else."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import msgspec

from autograder.assignment import Assignment
from autograder.errors import UsageError
from autograder.grade.kept import Kept
from autograder.results import CheckResult, GradeReport, Outcome
from autograder.scoring import rounded, task_scores

_NOISE = 1e-3
"""Cases of a check share its points, and each share was rounded."""
_BEGINNING = b'{\n "score": '
"""How every one of our files begins, a damaged one, too."""
_WHY_UNKNOWN = "why is no longer known"


@dataclass(frozen=True)
class ReadBack:
    """What the files say, and which of ours say nothing any more."""

    kept: tuple[Kept, ...]
    damaged: tuple[str, ...]
    """The stems of our files that cannot be read: whoever they belong to has no result."""


class _NotCounted(msgspec.Struct):
    check: str
    points: float


class _CheckExtra(msgspec.Struct):
    task: str
    category: str
    outcome: Outcome
    not_counted: _NotCounted | None = None


class _Check(msgspec.Struct):
    name: str
    extra_data: _CheckExtra
    score: float = 0.0
    max_score: float | None = None
    """None of a check that could not be run."""
    visibility: str = "visible"


class _Extra(msgspec.Struct):
    submission: str
    status: str
    categories: dict[str, tuple[float, float]]
    remarks: tuple[str, ...] = ()


class _Results(msgspec.Struct):
    """The part of results.json that a gradebook needs."""

    score: float
    execution_time: float
    extra_data: _Extra
    tests: tuple[_Check, ...]


def read_back(folder: Path, assignment: Assignment) -> ReadBack:
    """What the files below ``folder/results`` say; files that are not ours are passed over.

    Raises UsageError where they are results of another assignment.
    """
    found: dict[str, Kept] = {}
    damaged: list[str] = []
    for path in sorted((folder / "results").glob("*.json")):
        try:
            results = msgspec.json.decode(path.read_bytes(), type=_Results)
        except (OSError, msgspec.MsgspecError):
            if _begins_like_ours(path) or (folder / "reports" / f"{path.stem}.html").is_file():
                damaged.append(path.stem)
            continue
        report = _report(results, assignment)
        if report is None:
            raise UsageError(
                f"{path} is no result of {assignment.slug}, whose tasks have other names or points. "
                "Name another folder with --out, or replace what is there with --fresh."
            )
        if report.status != "incomplete":
            found[report.submission] = Kept(report, path.stem, "", "")
    return ReadBack(tuple(found.values()), tuple(damaged))


def result_files(folder: Path) -> list[str]:
    """The stems of the files below ``folder/results`` that this program wrote, whatever the assignment."""
    stems = []
    for path in sorted((folder / "results").glob("*.json")):
        try:
            msgspec.json.decode(path.read_bytes(), type=_Results)
        except (OSError, msgspec.MsgspecError):
            if not _begins_like_ours(path):
                continue
        stems.append(path.stem)
    return stems


def _begins_like_ours(path: Path) -> bool:
    try:
        with open(path, "rb") as file:
            return file.read(len(_BEGINNING)) == _BEGINNING
    except OSError:
        return False


def _report(results: _Results, assignment: Assignment) -> GradeReport | None:
    checks = _checks(results, assignment)
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
        remarks=results.extra_data.remarks,
    )


def _checks(results: _Results, assignment: Assignment) -> tuple[CheckResult, ...]:
    uncounted = Counter(test.extra_data.task for test in results.tests if test.max_score is None)
    # Older files do not say what such a check is worth: together they are worth what the task has left.
    left = {
        task.id: task.points - math.fsum(t.max_score or 0.0 for t in results.tests if t.extra_data.task == task.id)
        for task in assignment.tasks
    }
    checks = []
    for test in results.tests:
        extra, check, points, fault = test.extra_data, test.name, test.max_score, ""
        if points is None:
            points, fault = max(0.0, left.get(extra.task, 0.0)) / uncounted[extra.task], _WHY_UNKNOWN
            if extra.not_counted is not None:
                check, points = extra.not_counted.check, extra.not_counted.points
        checks.append(
            CheckResult(
                task=extra.task,
                check=check,
                title=test.name,
                category=extra.category,
                max_score=points,
                score=test.score,
                outcome=extra.outcome,
                visibility=test.visibility,
                fault=fault,
            )
        )
    return tuple(checks)


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
