"""Reports of an earlier run, kept so that a run that broke off goes on and a regrade runs only what changed."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
from functools import cache
from pathlib import Path
from types import TracebackType

import msgspec

from autograder.assignment import Assignment
from autograder.results import GradeReport
from autograder.submission import Submission

FILE = "kept.sqlite"
_TABLE = "CREATE TABLE IF NOT EXISTS reports (key TEXT PRIMARY KEY, report BLOB NOT NULL)"
_WAIT_SECONDS = 30.0


class KeptReports:
    """The reports below one output folder by what decided them; a context manager.

    A report is found again only where the submission's bytes, the assignment's files, the grader's own code and the
    data folder are the same. Several judges may read and write side by side. What cannot be read or written is graded
    again and costs nobody a result: a damaged file counts as an empty one.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / FILE
        try:
            self._database = _opened(path)
        except sqlite3.OperationalError:  # no room, no permission, or locked for too long
            self._database = _opened(":memory:")
        except sqlite3.DatabaseError:
            path.unlink()
            self._database = _opened(path)

    def __enter__(self) -> KeptReports:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._database.close()

    def find(self, assignment: Assignment, submission: Submission) -> GradeReport | None:
        """The report of an equal submission, under this submission's name."""
        query = "SELECT report FROM reports WHERE key = ?"
        row = self._database.execute(query, (_key(assignment, submission),)).fetchone()
        if row is None:
            return None
        with contextlib.suppress(msgspec.MsgspecError):
            report = msgspec.msgpack.decode(row[0], type=GradeReport)
            return msgspec.structs.replace(report, submission=submission.name)
        return None

    def keep(self, assignment: Assignment, submission: Submission, report: GradeReport) -> None:
        """Keeps a report that is final; what the grader itself failed on is tried again next time."""
        if report.status == "graded":
            values = (_key(assignment, submission), msgspec.msgpack.encode(report))
            with contextlib.suppress(sqlite3.OperationalError), self._database:
                self._database.execute("INSERT OR REPLACE INTO reports VALUES (?, ?)", values)


def _opened(path: Path | str) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=_WAIT_SECONDS)
    try:
        with database:
            database.execute(_TABLE)
    except sqlite3.DatabaseError:
        database.close()
        raise
    return database


def _key(assignment: Assignment, submission: Submission) -> str:
    data = os.environ.get("AUTOGRADER_DATA", "")
    # The file's name and what was remarked on reading it are in the feedback, so they decide a report, too.
    handed_in = (submission.digest, submission.filename, *submission.notes)
    parts = (assignment.slug, assignment.digest, _grader(), data, *handed_in)
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _grader() -> str:
    """A hash of this package's own code: another version may judge otherwise."""
    package = Path(__file__).parents[1]
    state = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        state.update(str(path.relative_to(package)).encode() + b"\0" + path.read_bytes() + b"\0")
    return state.hexdigest()
