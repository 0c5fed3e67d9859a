"""Which assignments have passed the gate on this machine, kept per user and by content, so that it costs once.

What is kept is only that an assignment passed. Where the folder cannot be trusted or used, nothing is kept and the
reference is graded again.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable
from pathlib import Path

from autograder.assignment import Assignment
from autograder.grade.circumstances import circumstances_key

_MARK = b"passed\n"


def has_passed(assignment: Assignment) -> bool:
    """Whether this assignment, as it is now, has passed with this grader, these libraries and this data."""
    folder = _folder()
    if folder is None:
        return False
    try:
        descriptor = os.open(folder / circumstances_key(assignment), os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        with os.fdopen(descriptor, "rb") as file:
            return _is_ours(os.fstat(file.fileno()), stat.S_ISREG) and file.read(64) == _MARK
    except OSError:
        return False


def note_passed(assignment: Assignment) -> None:
    """Keeps that this assignment, as it is now, has passed."""
    folder = _folder()
    if folder is None:
        return
    path = folder / circumstances_key(assignment)
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
    with contextlib.suppress(OSError), os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        file.write(_MARK)


def _folder() -> Path | None:
    """The user's own cache folder, which nobody else may write; None where there is none like that."""
    given = os.environ.get("XDG_CACHE_HOME", "")
    # A relative path is to be ignored: https://specifications.freedesktop.org/basedir-spec
    try:
        base = Path(given) if os.path.isabs(given) else Path.home() / ".cache"
        folder = base / "torch-autograder" / "passed"
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        ours = all(_is_ours(os.lstat(path), stat.S_ISDIR) for path in (folder.parent, folder))
    except (OSError, RuntimeError):  # no home, no room, a file in the way
        return None
    return folder if ours else None


def _is_ours(status: os.stat_result, is_kind: Callable[[int], bool]) -> bool:
    owned = not hasattr(os, "geteuid") or status.st_uid == os.geteuid()
    return is_kind(status.st_mode) and owned and not status.st_mode & 0o022
