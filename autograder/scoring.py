"""From verdicts to points: pure functions, so that every score can be recomputed by hand."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from autograder.assignment import HygienePolicy, Task
from autograder.results import CATEGORIES, CheckResult, Diagnostic, Outcome, TaskScore

_DIGITS = 4
"""Scores are rounded here once, so that thirds of a point add up in every report."""


def rounded(points: float) -> float:
    """``points`` without float noise."""
    return round(points + 0.0, _DIGITS)


def share(points: float, cases: int) -> float:
    """What one case of a check with ``cases`` parametrised cases is worth."""
    return points / cases


def clamped(score: float, max_score: float) -> float:
    """``score`` within [0, max_score]; not-a-number counts as nothing."""
    if math.isnan(score):
        return 0.0
    return min(max(score, 0.0), max_score)


def hygiene_score(points: float, diagnostics: Iterable[Diagnostic], policy: HygienePolicy) -> float:
    """What is left of a hygiene check's points: each distinct rule is deducted once.

    A rule costs what the assignment lists for it, else what its severity costs; style (S) costs nothing.
    """
    by_severity = {"E": policy.error, "W": policy.warning}
    costs: dict[str, float] = {}
    for found in diagnostics:
        if found.code not in policy.ignore:
            cost = policy.deductions.get(found.code, by_severity.get(found.severity, 0.0))
            costs[found.code] = max(cost, costs.get(found.code, 0.0))
    return clamped(points * (1.0 - math.fsum(costs.values())), points)


def task_scores(tasks: Sequence[Task], checks: Sequence[CheckResult]) -> tuple[TaskScore, ...]:
    """The points of each task, in the assignment's order."""
    return tuple(
        TaskScore(
            id=task.id,
            title=task.title,
            score=rounded(math.fsum(check.score for check in checks if check.task == task.id)),
            max_score=rounded(task.points),
        )
        for task in tasks
    )


def category_scores(checks: Sequence[CheckResult]) -> dict[str, tuple[float, float]]:
    """Category name to (earned, possible), for the categories that the assignment has.

    A check that could not be run is not among what was possible.
    """
    scores = {}
    for category in CATEGORIES:
        own = [check for check in checks if check.category == category]
        if own:
            earned = rounded(math.fsum(check.score for check in own))
            counted = [check for check in own if check.outcome is not Outcome.INTERNAL_ERROR]
            scores[category] = (earned, rounded(math.fsum(check.max_score for check in counted)))
    return scores
