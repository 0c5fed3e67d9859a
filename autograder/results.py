"""What grading one submission yields: plain, frozen data that every adapter and report reads."""

from __future__ import annotations

from enum import Enum

import msgspec

CATEGORIES = ("correctness", "convergence", "hygiene")
VISIBILITIES = ("visible", "after_due_date", "after_published", "hidden")


class Outcome(str, Enum):
    """The closed set of verdicts of one check."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    TIMED_OUT = "timed_out"
    MEMORY_EXCEEDED = "memory_exceeded"
    SKIPPED = "skipped"
    INTERNAL_ERROR = "internal_error"


class Diagnostic(msgspec.Struct, frozen=True):
    """One finding of a hygiene rule about one run: which step, which line, why."""

    code: str
    name: str
    message: str
    line: int | None = None
    """Of a notebook, counted within its cell."""
    step: int | None = None
    """The training step, counted from 1."""
    parameter: str | None = None
    severity: str = "E"
    """E: wrong result or crash; W: works today, breaks tomorrow; S: style."""
    file: str | None = None
    place: str = ""
    """Where it is, if the line alone does not say it: ``code cell 6, line 7``."""
    source: str = ""
    """The text of that line, where the place is hard to find."""

    @property
    def where(self) -> str:
        """``code cell 6, line 7`` or ``line 7``; empty where it is not known."""
        return self.place or (f"line {self.line}" if self.line is not None else "")


class Figure(msgspec.Struct, frozen=True):
    """A picture as data: what to draw, not how. Reports turn it into an image."""

    kind: str
    """``loss`` (curves over iterations) or ``path`` (points in the plane)."""
    title: str
    series: dict[str, list[float]] = {}
    """For ``loss``: name to values. For ``path``: the keys ``x`` and ``y``."""
    log_scale: bool = False


class CheckResult(msgspec.Struct, frozen=True):
    """The verdict of one check (one case of a parametrised check)."""

    task: str
    check: str
    """The test's name with its case, unique within the assignment: ``test_converges[0.1]``."""
    title: str
    category: str
    max_score: float
    score: float = 0.0
    outcome: Outcome = Outcome.FAILED
    feedback: str = ""
    visibility: str = "visible"
    hidden: bool = False
    """Whether the check comes from the hidden tests."""
    diagnostics: tuple[Diagnostic, ...] = ()
    figure: Figure | None = None
    student_seconds: float = 0.0
    place: str = ""
    """Where the check stopped, else where it stands: ``test_hidden.py, line 41``. Not for students."""
    fault: str = ""
    """What is wrong with the check itself, where it could not be run: for its author, never for students."""


class TaskScore(msgspec.Struct, frozen=True):
    """What one task of the assignment earned."""

    id: str
    title: str
    score: float
    max_score: float


class GradeReport(msgspec.Struct, frozen=True):
    """The whole result of one submission."""

    submission: str
    assignment: str
    title: str
    status: str
    """``graded``, ``incomplete`` (not finished), ``unreadable`` (no check could run: the student's fault)
    or ``internal_error`` (the grader's fault: look at it by hand)."""
    tasks: tuple[TaskScore, ...] = ()
    checks: tuple[CheckResult, ...] = ()
    notes: tuple[str, ...] = ()
    """Remarks on the submission as a whole, for the student."""
    categories: dict[str, tuple[float, float]] = {}
    """Category name to (earned, possible)."""
    score: float = 0.0
    max_score: float = 0.0
    seconds: float = 0.0
    """Wall-clock seconds of the whole grading."""
    student_seconds: float = 0.0
    """Seconds spent in the student's own code, as measured by the judge."""
    isolation: str = ""
    """The locks that the worker ran under, for the report's footer."""
    integrity: tuple[str, ...] = ()
    """Things that a person may want to look at. They never cost points."""
    remarks: tuple[str, ...] = ()
    """What was odd about what was handed in, a few words each, for the person who grades and not for the student."""
