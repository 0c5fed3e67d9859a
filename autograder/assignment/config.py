"""What an ``assignment.toml`` may say, section by section."""

from __future__ import annotations

from typing import Literal

import msgspec


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one submission's worker may use; the judge enforces it.

    Seconds are processor seconds on the reference machine (see docs/limits.md): neither other programs nor a slower
    machine take any of them away.
    """

    call_seconds: float = 10.0
    """Processor seconds of one call of a student's function, in all its threads."""
    load_seconds: float = 20.0
    """Processor seconds of importing the submission."""
    memory_mb: int = 2048
    """Memory that the worker may take on top of what torch itself holds."""
    output_kb: int = 64
    """Printed text that is kept per call; the rest is dropped and counted."""
    seconds_for: dict[str, float] = {}
    """Functions that may take longer (or must take less) than ``call_seconds``."""
    idle_seconds: float | None = None
    """Seconds that a call may spend neither computing nor waiting for a processor: asleep, or waiting for a lock.

    Where none are given: five times the limit, and at least 30.
    """
    container_seconds: float = 600.0
    """Seconds on the clock that the platform gives a grading container; ``AUTOGRADER_CONTAINER_SECONDS`` overrides."""


class Task(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One graded part of an assignment."""

    id: str
    title: str
    points: float
    functions: tuple[str, ...] = ()
    """Names that the student writes in this task (``f`` or ``Class``)."""
    kind: Literal["write", "repair"] = "write"
    """What the student does with them: write blanks, or repair bodies that the stub gives with a fault in them."""
    needs: tuple[str, ...] = ()
    """Names of other tasks that this task's checks rely on."""


class HygienePolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a hygiene finding costs, as a share of the check's points."""

    error: float = 1.0
    """Share lost per distinct rule of severity E that is not listed in ``deductions``."""
    warning: float = 0.0
    """The same for severity W: these work today, and a few have known false alarms."""
    deductions: dict[str, float] = {}
    """Rule code to the share lost, e.g. ``GH203 = 0.5``."""
    ignore: tuple[str, ...] = ()
    """Rules that this assignment never reports."""


class LatePolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a late submission loses, where the platform says when it was due (Gradescope does)."""

    percent_per_day: float = 0.0
    """Share of the earned points, in percent, that every day begun after the deadline costs."""
    grace_minutes: float = 0.0
    """So much later counts as in time."""
    max_days: float = 0.0
    """Later than this counts as zero; 0: there is no such limit."""


class AttemptLimit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How often a student may submit, where the platform counts it (Gradescope does)."""

    limit: int
    """Submissions that are graded."""
    per_hours: float = 0.0
    """Within so many hours; 0: in all."""


class LeaderboardEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One column of the class's public leaderboard, where the platform has one (Gradescope does)."""

    name: str
    value: Literal["score", "seconds", "correctness", "convergence", "hygiene"]
    """The score, the seconds that the student's own code ran, or the points of a category."""
    order: Literal["asc", "desc"] = "desc"


class AssignmentFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The shape of ``assignment.toml``."""

    title: str
    version: str
    tasks: tuple[Task, ...]
    slug: str = ""
    """The module's name, where the folder may have been renamed: release folders have it."""
    summary: str = ""
    handout: dict[str, str] = {}
    """Digests of the bodies that repair tasks hand out: release folders have them, nobody writes them."""
    isolation: Literal["submission", "check"] = "submission"
    """What has a worker of its own: each submission, or each check of it."""
    limits: Limits = Limits()
    hygiene: HygienePolicy = HygienePolicy()
    late: LatePolicy | None = None
    attempts: AttemptLimit | None = None
    leaderboard: tuple[LeaderboardEntry, ...] = ()


SECTIONS: dict[str, type[msgspec.Struct]] = {
    "tasks": Task,
    "limits": Limits,
    "hygiene": HygienePolicy,
    "late": LatePolicy,
    "attempts": AttemptLimit,
    "leaderboard": LeaderboardEntry,
}
