"""A course and its assignments, read from ``assignment.toml`` and checked, so that nothing else parses it."""

from __future__ import annotations

import difflib
import hashlib
import math
import os
import re
import sys
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Literal

import msgspec

from autograder.errors import AssignmentError, UsageError
from autograder.settings import number_problems

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


_NEEDED = "every assignment needs one"


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


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The shape of ``assignment.toml``."""

    title: str
    version: str
    tasks: tuple[Task, ...]
    slug: str = ""
    """The module's name, where the folder may have been renamed: release folders have it."""
    summary: str = ""
    limits: Limits = Limits()
    hygiene: HygienePolicy = HygienePolicy()
    late: LatePolicy | None = None
    attempts: AttemptLimit | None = None
    leaderboard: tuple[LeaderboardEntry, ...] = ()


class Assignment:
    """One assignment: its configuration and where its files are."""

    def __init__(self, slug: str, folder: Path, solution_folder: Path | None) -> None:
        self.slug = slug
        self.folder = folder
        self.solution_folder = solution_folder
        config = _read_config(folder / "assignment.toml")
        self.title = config.title
        self.summary = config.summary
        self.version = config.version
        self.tasks = config.tasks
        self.limits = config.limits
        self.hygiene = config.hygiene
        self.late = config.late
        self.attempts = config.attempts
        self.leaderboard = config.leaderboard

    @property
    def stub(self) -> Path:
        """The file that students get and fill in."""
        return self.folder / f"{self.slug}.py"

    @property
    def public_tests(self) -> Path:
        """The checks that students get."""
        return self.folder / "test_public.py"

    @property
    def solution(self) -> Path:
        """The reference solution; an AssignmentError where this copy of the course has none."""
        return self._in_solutions(f"{self.slug}.py")

    @property
    def hidden_tests(self) -> Path:
        """The checks that students never see; an AssignmentError where there are none."""
        return self._in_solutions("test_hidden.py")

    @property
    def max_score(self) -> float:
        """The points of all tasks together."""
        return sum(task.points for task in self.tasks)

    def task(self, task_id: str) -> Task:
        """The task of that id; an AssignmentError that lists the known ids otherwise."""
        for task in self.tasks:
            if task.id == task_id:
                return task
        known = ", ".join(task.id for task in self.tasks)
        raise AssignmentError(
            f"{self.folder / 'assignment.toml'}: a check names task {task_id!r}, but the tasks are {known}."
        )

    @cached_property
    def digest(self) -> str:
        """A hash of every file that decides a grade, so that a regrade knows what changed."""
        state = hashlib.sha256()
        folders = [self.folder] + ([self.solution_folder] if self.solution_folder else [])
        for folder in folders:
            for path in sorted(folder.iterdir()):
                if path.suffix in (".py", ".toml") and path.is_file():
                    state.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
        return state.hexdigest()

    def _in_solutions(self, name: str) -> Path:
        if self.solution_folder is None or not (self.solution_folder / name).is_file():
            raise AssignmentError(
                f"{self.slug}: {name} is missing from solutions/{self.slug}; grading needs the hidden half."
            )
        return self.solution_folder / name


class Course:
    """A folder with ``assignments/`` and ``solutions/``."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def slugs(self) -> tuple[str, ...]:
        """The assignments of the course, in alphabetical order."""
        folders = sorted((self.root / "assignments").iterdir())
        return tuple(folder.name for folder in folders if (folder / "assignment.toml").is_file())

    @property
    def unfinished(self) -> tuple[str, ...]:
        """Folders that look like an assignment, but have no assignment.toml."""
        folders = sorted(path for path in (self.root / "assignments").iterdir() if path.is_dir())
        return tuple(folder.name for folder in folders if self._is_unfinished(folder))

    def chosen(self, slugs: Sequence[str]) -> tuple[str, ...]:
        """``slugs``, or all assignments without any; a UsageError where the course has none."""
        if slugs:
            return tuple(slugs)
        if not self.slugs and not self.unfinished:
            folder = self.root / "assignments"
            found = ", ".join(sorted(path.name for path in folder.iterdir())[:6]) or "nothing"
            raise UsageError(
                f"There is no assignment in {folder}: expected a folder for each, with an assignment.toml in it; found "
                f"{found}. Is this the course that you mean? Name another with --course DIR."
            )
        return tuple(sorted({*self.slugs, *self.unfinished}))

    def _is_unfinished(self, folder: Path) -> bool:
        parts = (folder / f"{folder.name}.py", folder / "test_public.py", self.root / "solutions" / folder.name)
        return not (folder / "assignment.toml").is_file() and any(part.exists() for part in parts)

    def assignment(self, slug: str) -> Assignment:
        """The assignment of that name; a UsageError that lists the known ones otherwise."""
        if slug in self.unfinished:
            raise AssignmentError(f"{self.root / 'assignments' / slug / 'assignment.toml'} is missing: {_NEEDED}.")
        if slug not in self.slugs:
            known = ", ".join(self.slugs) or "none at all"
            raise UsageError(f"There is no assignment {slug!r} in {self.root}; the course has: {known}.")
        return Assignment(slug, self.root / "assignments" / slug, self.root / "solutions" / slug)


def find_course(start: Path, given: str | None = None) -> Course:
    """The course at ``given`` (or ``AUTOGRADER_COURSE``), else the nearest one above ``start``.

    Raises UsageError where there is none.
    """
    named = given or os.environ.get("AUTOGRADER_COURSE")
    if named:
        root = Path(named).resolve()
        if not _is_course(root):
            raise UsageError(f"{named} is not a course: {_lack(root)}.")
        return Course(root)
    for folder in (start.resolve(), *start.resolve().parents):
        if _is_course(folder):
            return Course(folder)
    here = start.resolve()
    around = (folder.parent for folder in (here, *here.parents) if folder.name in _HALVES)
    half = next((folder for folder in (here, *around) if _has(folder)), None)
    nearly = f" {half} is none: {_lack(half)}." if half else ""
    raise UsageError(
        f"No course was found in {start} or above it.{nearly} A course is a folder with assignments/ and solutions/; "
        "name yours with --course DIR or AUTOGRADER_COURSE."
    )


def read_slug(folder: Path) -> str:
    """The slug of the assignment in ``folder``: what its assignment.toml says, else the folder's name."""
    return _read_config(folder / "assignment.toml").slug or folder.resolve().name


_HALVES = ("assignments", "solutions")


def _has(folder: Path) -> list[str]:
    return [name for name in _HALVES if (folder / name).is_dir()]


def _is_course(folder: Path) -> bool:
    return len(_has(folder)) == len(_HALVES)


def _lack(folder: Path) -> str:
    """Which half of a course is missing."""
    found = _has(folder)
    if not found:
        return "it has no assignments/ and solutions/ folders"
    (missing,) = (name for name in _HALVES if name not in found)
    return f"it has a folder {found[0]}/, but none named {missing}/"


def _read_config(path: Path) -> _File:
    try:
        text = path.read_text(encoding="utf-8")
        raw = tomllib.loads(text)
    except FileNotFoundError:
        raise AssignmentError(f"{path} is missing: {_NEEDED}.") from None
    except OSError as error:
        raise AssignmentError(f"{path} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AssignmentError(f"{path} is not valid TOML: {error}") from None
    try:
        config = msgspec.convert(raw, _File)
    except msgspec.ValidationError as error:
        raise AssignmentError(f"{path}: {error}{_hint(str(error), text)}") from None
    ids = [task.id for task in config.tasks]
    repeated = sorted({task_id for task_id in ids if ids.count(task_id) > 1})
    if repeated or not ids:
        found = f"task id {repeated[0]!r} twice" if repeated else "no [[tasks]]"
        raise AssignmentError(f"{path}: found {found}; every task needs an id of its own.")
    for problem in _task_problems(config, path, text):
        raise AssignmentError(problem)
    for line, said in number_problems(raw, text):
        raise AssignmentError(f"{_placed(path, line)}: {said}")
    return config


def _task_problems(config: _File, path: Path, text: str) -> Iterator[str]:
    for index, task in enumerate(config.tasks):
        if not (math.isfinite(task.points) and task.points > 0):
            place = _placed(path, toml_line(text, index, "points"))
            yield f"{place}: task {task.id} has points = {task.points:g}; a task is worth a number above 0."
        for key in ("functions", "needs"):
            for name in getattr(task, key):
                if not all(part.isidentifier() for part in name.split(".")):
                    place = _placed(path, toml_line(text, index, key))
                    yield f"{place}: task {task.id} lists {name!r} under {key}, which is no name."


def toml_line(text: str, index: int, key: str) -> int | None:
    """The line of a key in the ``index``-th ``[[tasks]]`` of an assignment.toml, else the line where that begins."""
    seen, begins = -1, None
    for number, line in enumerate(text.splitlines(), start=1):
        if line.lstrip().startswith("["):
            if seen == index and re.match(r"\s*\[+\s*[A-Za-z_\"']", line):
                break
            if re.match(r"\s*\[\[\s*[\"']?tasks[\"']?\s*\]\]", line):
                seen += 1
                begins = number if seen == index else begins
        elif seen == index and re.match(rf"\s*[\"']?{key}[\"']?\s*=", line):
            return number
    return begins


def _placed(path: Path, line: int | None) -> str:
    return f"{path}, line {line}" if line else str(path)


def _hint(said: str, text: str) -> str:
    """Which line msgspec means, and which key somebody may have meant."""
    hint = ""
    unknown = re.search(r"unknown field `(\w+)`", said)
    if unknown:
        section = re.search(r"\$\.(\w+)", said)
        known = _SECTIONS.get(section[1] if section else "", _File).__struct_fields__
        near = difflib.get_close_matches(unknown[1], known, n=1)
        hint = f"; did you mean `{near[0]}`?" if near else ""
    where = re.search(r"\$\.tasks\[(\d+)\](?:\.(\w+))?", said)
    line = toml_line(text, int(where[1]), where[2] or (unknown[1] if unknown else "id")) if where else None
    if line is None and unknown:
        pattern = rf"\s*\[*\s*[\"']?{unknown[1]}\b"
        line = next((n for n, row in enumerate(text.splitlines(), start=1) if re.match(pattern, row)), None)
    return f"{hint} (line {line})" if line else hint


_SECTIONS: dict[str, type[msgspec.Struct]] = {
    "tasks": Task,
    "limits": Limits,
    "hygiene": HygienePolicy,
    "late": LatePolicy,
    "attempts": AttemptLimit,
    "leaderboard": LeaderboardEntry,
}
