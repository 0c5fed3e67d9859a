"""What a class as a whole achieved: the figures behind the table and the class page."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, median

from autograder.reports.text import number
from autograder.results import CheckResult, GradeReport, Outcome

BINS = 10
LONGEST_RANKING = 8
_CASE = re.compile(r" \([^()]*\)$")
"""What the title of a case says of it: "Doubles a number. (factor = 2)"."""


@dataclass(frozen=True)
class TaskMean:
    id: str
    title: str
    fraction: float
    """Mean share of the task's points, 0 to 1."""


@dataclass(frozen=True)
class Frequency:
    label: str
    detail: str
    count: int
    """Submissions in which it occurred."""
    fraction: float


@dataclass(frozen=True)
class Attention:
    submission: str
    reason: str
    details: tuple[str, ...]


@dataclass(frozen=True)
class Uncounted:
    """A check that could not be run on some submissions: no fault of theirs."""

    check: str
    fault: str
    """What is wrong with it, and where."""
    count: int
    """Submissions in which it is not counted."""
    total: int
    points: float

    @property
    def sentence(self) -> str:
        """Said once for a class."""
        noun = "point is" if self.points == 1 else "points are"
        return (
            f"{self.check} could not be run for {self.count} of {self.total}: {self.fault}. Its {number(self.points)} "
            f"{noun} not counted, and there is no score where it is missing, until a person has looked."
        )


@dataclass(frozen=True)
class ClassSummary:
    count: int
    scored: int
    """Submissions with a final score; only these enter mean, median and the histogram."""
    mean: float
    """Share of the points, 0 to 1."""
    median: float
    full_marks: int
    histogram: tuple[int, ...]
    """Ten bins of the score in percent: [0, 10), …, [90, 100]."""
    tasks: tuple[TaskMean, ...]
    hygiene: tuple[Frequency, ...]
    failures: tuple[Frequency, ...]
    attention: tuple[Attention, ...]
    uncounted: tuple[Uncounted, ...]
    seconds: float
    student_seconds: float


def is_final(report: GradeReport) -> bool:
    """Whether the score is a grade; false where the grader failed or did not finish."""
    return report.status in ("graded", "unreadable")


def not_counted(report: GradeReport) -> tuple[CheckResult, ...]:
    """The checks that could not be run on a submission, and neither earned nor lost it anything."""
    return tuple(check for check in report.checks if check.outcome is Outcome.INTERNAL_ERROR)


def points_not_counted(report: GradeReport) -> float:
    """The points of those checks."""
    return math.fsum(check.max_score for check in not_counted(report))


def fraction(score: float, max_score: float) -> float:
    """The share of the points, always within 0 to 1."""
    if not (math.isfinite(score) and math.isfinite(max_score)) or max_score <= 0:
        return 0.0
    return min(1.0, max(0.0, score / max_score))


def has_full_marks(report: GradeReport) -> bool:
    """Whether a final score equals the maximum (float noise aside)."""
    return is_final(report) and report.max_score > 0 and report.score >= report.max_score - 1e-9


def summarize(reports: Sequence[GradeReport]) -> ClassSummary:
    """The figures of a class; an empty class has zeros everywhere."""
    final = [r for r in reports if is_final(r)]
    shares = [fraction(r.score, r.max_score) for r in final]
    bins = [0] * BINS
    for share in shares:
        bins[min(BINS - 1, int(share * BINS + 1e-9))] += 1
    return ClassSummary(
        count=len(reports),
        scored=len(final),
        mean=mean(shares) if shares else 0.0,
        median=median(shares) if shares else 0.0,
        full_marks=sum(map(has_full_marks, reports)),
        histogram=tuple(bins),
        tasks=_task_means(final),
        hygiene=_hygiene(reports),
        failures=_failures(reports),
        attention=tuple(entry for r in reports if (entry := _attention(r)) is not None),
        uncounted=_uncounted(reports),
        seconds=math.fsum(r.seconds for r in reports if math.isfinite(r.seconds)),
        student_seconds=math.fsum(r.student_seconds for r in reports if math.isfinite(r.student_seconds)),
    )


def _task_means(final: Sequence[GradeReport]) -> tuple[TaskMean, ...]:
    shares: dict[str, list[float]] = defaultdict(list)
    titles: dict[str, str] = {}
    for report in final:
        for task in report.tasks:
            shares[task.id].append(fraction(task.score, task.max_score))
            titles.setdefault(task.id, task.title)
    return tuple(TaskMean(id=i, title=titles[i], fraction=mean(values)) for i, values in shares.items())


def _hygiene(reports: Sequence[GradeReport]) -> tuple[Frequency, ...]:
    names: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for report in reports:
        found = {d.code: d.name for check in report.checks for d in check.diagnostics}
        counts.update(found.keys())
        names.update(found)
    return _most_common(counts, names, len(reports))


def _failures(reports: Sequence[GradeReport]) -> tuple[Frequency, ...]:
    titles: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for report in reports:
        lost: dict[str, str] = {}
        for check in report.checks:
            if check.outcome not in (Outcome.PASSED, Outcome.SKIPPED, Outcome.INTERNAL_ERROR):
                # The cases of a check count as one: eight lines of one fault would hide the next.
                name, bracket, _ = check.check.partition("[")
                lost.setdefault(name, _CASE.sub("", check.title) if bracket else check.title)
        counts.update(lost.keys())
        titles.update(lost)
    return _most_common(counts, titles, len(reports))


def _uncounted(reports: Sequence[GradeReport]) -> tuple[Uncounted, ...]:
    """One entry per check, the cases of a parametrised one together."""
    points: dict[str, float] = {}
    faults: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for report in reports:
        worth: dict[str, float] = defaultdict(float)
        for check in not_counted(report):
            name = check.check.partition("[")[0]
            worth[name] += check.max_score
            faults.setdefault(name, check.fault or "the grader failed")
        counts.update(worth.keys())
        points |= {name: max(value, points.get(name, 0.0)) for name, value in worth.items()}
    return tuple(
        Uncounted(name, faults[name], count, len(reports), points[name]) for name, count in counts.most_common()
    )


def _most_common(counts: Counter[str], details: dict[str, str], total: int) -> tuple[Frequency, ...]:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:LONGEST_RANKING]
    return tuple(Frequency(label=k, detail=details[k], count=n, fraction=n / total) for k, n in ordered)


def _attention(report: GradeReport) -> Attention | None:
    broken = not_counted(report)
    if report.status == "internal_error" or broken:
        authors = broken and all(check.fault for check in broken)
        said = [] if authors else [f"{check.check}: {check.feedback}" for check in broken]
        reason = "A check could not be run" if authors else "The grader failed"
        return Attention(report.submission, reason, (*report.notes, *said, *report.integrity))
    if report.status == "incomplete":
        return Attention(report.submission, "Not finished", (*report.notes, *report.integrity))
    if report.status == "unreadable":
        return Attention(report.submission, "Unreadable", (*report.notes, *report.integrity))
    if report.integrity:
        return Attention(report.submission, "Worth a look", report.integrity)
    return None
