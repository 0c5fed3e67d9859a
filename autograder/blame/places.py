"""Where in an assignment's own files something happened."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from autograder.assignment import Assignment

_TESTS = ("test_public.py", "test_hidden.py")


class Places:
    """Names lines of an assignment's files: ``test_hidden.py, line 41``."""

    def __init__(self, assignment: Assignment) -> None:
        self._solutions = assignment.solution_folder
        self._folders = {str(folder) for folder in (assignment.folder, assignment.solution_folder) if folder}

    def of(self, error: BaseException) -> str:
        """The line of the check at which it stopped, with the line further down where a trusted file raised it."""
        frames = list(self._frames(error.__traceback__))
        if not frames:
            return ""
        checks = [frame for frame in frames if frame[0].name in _TESTS]
        named = [checks[-1], frames[-1]] if checks and frames[-1] != checks[-1] else frames[-1:]
        return ", in ".join(self._named(path, line) for path, line in named)

    def in_checks(self, error: BaseException) -> bool:
        """Whether the error came up through a line of the assignment's files."""
        return any(True for _ in self._frames(error.__traceback__))

    def in_trusted_code(self, error: BaseException) -> bool:
        """Whether the solution or the stub raised it, and not a check."""
        frames = list(self._frames(error.__traceback__))
        return bool(frames) and frames[-1][0].name not in _TESTS

    def _frames(self, traceback: TracebackType | None) -> Iterator[tuple[Path, int]]:
        while traceback is not None:
            path = Path(traceback.tb_frame.f_code.co_filename)
            if str(path.parent) in self._folders:
                yield path, traceback.tb_lineno
            traceback = traceback.tb_next

    def _named(self, path: Path, line: int) -> str:
        shown = path.name
        if self._solutions and path.parent == self._solutions and path.name not in _TESTS:
            shown = f"solutions/{path.parent.name}/{path.name}"  # the stub has the same name
        return f"{shown}, line {line}"
