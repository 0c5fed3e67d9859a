"""``quick_judges``: classes are graded without judges, which take seconds to start."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

if TYPE_CHECKING:
    from autograder.assignment import Assignment
    from autograder.grade.judge_process import Answer, Order
    from autograder.results import GradeReport


class QuickJudges:
    """Judges that read the points, the last word of a submission. They stop or break where they are told to."""

    graded: ClassVar[list[str]] = []
    stop_before: ClassVar[int | None] = None
    break_before: ClassVar[Exception | None] = None

    def __init__(self, count: int) -> None:
        assert count >= 1

    def __enter__(self) -> QuickJudges:
        return self

    def __exit__(self, *error: object) -> None: ...

    def stop(self) -> list[Any]:
        return []

    def answers(self, orders: list[Order]) -> Iterator[tuple[Order, Answer]]:
        from autograder.grade.judge_process import Answer
        from autograder.grade.kept import key_of
        from autograder.grade.work import Graded, look_up, write
        from autograder.submission import read_submission

        for order in orders:
            item = order.work
            if order.is_look_up:
                yield order, Answer(look_up(item))
                continue
            if len(self.graded) == self.stop_before:
                raise KeyboardInterrupt
            if self.break_before is not None:
                raise self.break_before
            self.graded.append(item.file.name)
            submission = read_submission(item.file, item.assignment.slug)
            report = self.report(item.assignment, item.file.name, float(submission.source.split()[-1]))
            yield order, Answer(write(Graded(report, key_of(item.assignment, submission)), item))

    @staticmethod
    def report(assignment: Assignment, name: str, points: float) -> GradeReport:
        from autograder.results import CheckResult, GradeReport, Outcome
        from autograder.scoring import category_scores, task_scores

        doubling, descending = assignment.tasks
        checks = (
            CheckResult(doubling.id, "test_doubles", "Doubles.", "correctness", 3.0, min(points, 3.0), Outcome.FAILED),
            CheckResult(descending.id, "test_descends", "Descends.", "convergence", 2.0, max(points - 3.0, 0.0)),
        )
        return GradeReport(
            name,
            assignment.slug,
            assignment.title,
            "graded",
            tasks=task_scores(assignment.tasks, checks),
            checks=checks,
            categories=category_scores(checks),
            score=points,
            max_score=5.0,
            seconds=1.5,
        )


@pytest.fixture
def quick_judges(monkeypatch: pytest.MonkeyPatch) -> type[QuickJudges]:
    """Classes are graded without judges' processes; see :class:`QuickJudges`."""
    judges = type("Judges", (QuickJudges,), {"graded": []})
    monkeypatch.setattr("autograder.grade.classroom.Judges", judges)
    return judges
