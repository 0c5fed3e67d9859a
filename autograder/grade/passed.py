"""Which assignments have passed the gate on this machine, kept per user and by content, so that it costs once.

What is kept is only that an assignment passed. Where the folder cannot be trusted or used, nothing is kept and the
reference is graded again.
"""

from __future__ import annotations

import contextlib

from autograder.assignment import Assignment
from autograder.grade.atomic import write_atomically
from autograder.grade.circumstances import circumstances_key
from autograder.grade.own_folder import own_folder, read_own

_MARK = b"passed\n"


def has_passed(assignment: Assignment) -> bool:
    """Whether this assignment, as it is now, has passed with this grader, these libraries and this data."""
    folder = own_folder("passed")
    if folder is None:
        return False
    return read_own(folder / circumstances_key(assignment), 64) == _MARK


def note_passed(assignment: Assignment) -> None:
    """Keeps that this assignment, as it is now, has passed."""
    folder = own_folder("passed")
    if folder is None:
        return
    with contextlib.suppress(OSError):
        write_atomically(folder / circumstances_key(assignment), _MARK, mode=0o600)
