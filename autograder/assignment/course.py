"""A course: a folder with the assignments and, in another half, their solutions."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from autograder.assignment.assignment import Assignment
from autograder.assignment.reading import NEEDED
from autograder.errors import AssignmentError, UsageError

_HALVES = ("assignments", "solutions")


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
            raise AssignmentError(f"{self.root / 'assignments' / slug / 'assignment.toml'} is missing: {NEEDED}.")
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
