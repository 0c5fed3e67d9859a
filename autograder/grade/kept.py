"""The store of one output folder: every result by its submission's name, and by what decided it.

A run that broke off goes on with it, a later run grades only what changed, and the gradebook is made from it.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import msgspec

from autograder.assignment import Assignment
from autograder.grade.circumstances import circumstances_key
from autograder.results import GradeReport
from autograder.submission import Submission

FILE = "kept.sqlite"
_TABLE = """CREATE TABLE IF NOT EXISTS results (
    name TEXT PRIMARY KEY, stem TEXT NOT NULL, handed_in TEXT NOT NULL,
    digest TEXT NOT NULL, key TEXT NOT NULL, report BLOB NOT NULL)"""
_WAIT_SECONDS = 30.0


@dataclass(frozen=True)
class Kept:
    """One result."""

    report: GradeReport
    stem: str
    """The name of its files below ``results`` and ``reports``."""
    handed_in: str
    """What it was graded from: the name of a file or folder."""
    digest: str
    """The assignment's at that time."""
    key: str = ""
    """What decided it; empty where that is unknown, or where the grader failed: it is graded again."""

    @property
    def name(self) -> str:
        """The submission's name."""
        return self.report.submission


class KeptReports:
    """The results below one folder; a context manager. Raises sqlite3.Error where its file cannot be used.

    Several judges may read and write side by side, and each may be killed at any moment.
    """

    def __init__(self, folder: Path) -> None:
        self._database = sqlite3.connect(folder / FILE, timeout=_WAIT_SECONDS)
        try:
            with self._database:
                self._database.execute(_TABLE)
        except BaseException:
            self._database.close()
            raise

    def __enter__(self) -> KeptReports:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._database.close()

    def check(self) -> None:
        """Raises sqlite3.DatabaseError where the file is damaged, however deep."""
        (found,) = self._database.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise sqlite3.DatabaseError(found)

    def everything(self) -> list[Kept]:
        """Every result, by name; what another version wrote and this one cannot read is left out."""
        query = "SELECT stem, handed_in, digest, key, report FROM results ORDER BY name"
        found = []
        for stem, handed_in, digest, key, report in self._database.execute(query):
            with contextlib.suppress(msgspec.MsgspecError):
                found.append(Kept(_decoded(report), stem, handed_in, digest, key))
        return found

    def count(self) -> int:
        """How many results there are, readable or not."""
        (found,) = self._database.execute("SELECT count(*) FROM results").fetchone()
        return int(found)

    def find(self, name: str, key: str) -> GradeReport | None:
        """The report of this submission where the same decided it."""
        row = self._database.execute("SELECT report FROM results WHERE name = ? AND key = ?", (name, key)).fetchone()
        if row is not None:
            with contextlib.suppress(msgspec.MsgspecError):
                return _decoded(row[0])
        return None

    def keep(self, results: Iterable[Kept]) -> None:
        """Keeps the results, each in the place of an earlier one of that name: all of them or none."""
        rows = [
            (kept.name, kept.stem, kept.handed_in, kept.digest, kept.key, msgspec.msgpack.encode(kept.report))
            for kept in results
        ]
        with self._database:
            self._database.executemany("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?, ?)", rows)

    def drop(self, names: Iterable[str]) -> None:
        """Forgets these submissions."""
        with self._database:
            self._database.executemany("DELETE FROM results WHERE name = ?", [(name,) for name in names])

    def drop_former_table(self) -> None:
        """Frees the room of what earlier versions of this program kept: its keys never match again."""
        with self._database:
            self._database.execute("DROP TABLE IF EXISTS reports")


def _decoded(report: bytes) -> GradeReport:
    return msgspec.msgpack.decode(report, type=GradeReport)


def key_of(assignment: Assignment, submission: Submission) -> str:
    """A hash of everything that decides a report, but for the student's name."""
    # The file's name and what was remarked on reading it are in the feedback, so they decide a report, too.
    return _key(assignment, (submission.digest, submission.filename, *submission.notes))


def key_of_unreadable(assignment: Assignment, handed_in: str, reason: str) -> str:
    """The same for what could not be read."""
    return _key(assignment, ("unreadable", handed_in, reason))


def _key(assignment: Assignment, handed_in: tuple[str, ...]) -> str:
    return circumstances_key(assignment, *handed_in)
