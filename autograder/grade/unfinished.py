"""Reports of submissions on which no check has run."""

from __future__ import annotations

from autograder.assignment import Assignment
from autograder.results import GradeReport, TaskScore
from autograder.scoring import rounded


def unreadable(assignment: Assignment, name: str, reason: str) -> GradeReport:
    """The report of a submission that no check could run on: zero points, and the reason."""
    return empty_report(assignment, name, "unreadable", notes=(reason,))


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
