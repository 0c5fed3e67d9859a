"""The exceptions of the package: one class per kind of fault.

AutograderError
├── UsageError         the person at the keyboard asked for something that does not exist
├── SubmissionError    the student's fault, before any check could run (unreadable file, no module, …)
├── AssignmentError    the assignment author's fault; names the file and the key
└── GraderError        ours: never a student's zero, always flagged for a person
    └── WorkerError    the process that runs student code could not be started or understood

CheckFailure           one check failed; carries what the student may read (an AssertionError, so that
                       pytest and plain Python treat it as an ordinary failed assertion)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograder.results import Diagnostic


class AutograderError(Exception):
    """Base of all errors that are explained in one sentence instead of a traceback."""


class UsageError(AutograderError):
    """The command line names something that is not there or cannot be used. Exit code 2."""


class SubmissionError(AutograderError):
    """A submission that cannot be graded at all; the message says what was found and what to do."""


class AssignmentError(AutograderError):
    """A mistake in an assignment's own files; the message names the file and the key."""


class GraderError(AutograderError):
    """The grader itself failed. The submission is flagged for a person and never scored zero for it."""


class WorkerError(GraderError):
    """The worker process could not be started, or its parent answered nonsense."""


class CheckFailure(AssertionError):
    """One check failed for a reason that the student may read.

    ``message`` is always shown. ``reveal`` holds expected values and is shown only by public checks.
    ``outcome`` is the verdict's name (see :class:`autograder.results.Outcome`). ``forfeits``: the check earns nothing,
    however little its diagnostics cost.
    """

    def __init__(
        self,
        message: str,
        *,
        reveal: str = "",
        outcome: str = "failed",
        diagnostics: Sequence[Diagnostic] = (),
        forfeits: bool = False,
    ) -> None:
        super().__init__(message if not reveal else f"{message}\n{reveal}")
        self.message = message
        self.reveal = reveal
        self.outcome = outcome
        self.diagnostics = tuple(diagnostics)
        self.forfeits = forfeits
