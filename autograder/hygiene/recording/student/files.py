"""Which frame is the student's, and in which file."""

from __future__ import annotations

import functools
import os
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import torch

TORCH = os.path.dirname(os.path.abspath(torch.__file__)) + os.sep
_HERE = str(Path(__file__).resolve().parents[2])
_RULES = os.path.join(_HERE, "rules") + os.sep
_LIBRARIES = tuple(
    {
        TORCH,
        *(os.path.abspath(sysconfig.get_paths()[key]) + os.sep for key in ("purelib", "platlib", "stdlib")),
        os.path.dirname(_HERE) + os.sep,
    }
)
_DEPTH = 12


@functools.lru_cache(maxsize=4096)
def _outside_libraries(filename: str) -> bool:
    if filename.startswith("<"):
        return not filename.startswith(("<frozen", "<__array", "<string"))
    path = os.path.abspath(filename)
    return path.startswith(_RULES) or not path.startswith(_LIBRARIES)


class Files:
    """Decides which source files are the student's, and numbers them."""

    def __init__(self, only: frozenset[str] | None = None) -> None:
        self.only = only
        self.names: list[str] = []
        self.numbers: dict[str, int] = {}

    def number(self, filename: str) -> int:
        """The file's index, or -1 for a library."""
        known = self.numbers.get(filename)
        if known is not None:
            return known
        if self._is_student(filename):
            self.names.append(filename)
            known = len(self.names) - 1
        else:
            known = -1
        self.numbers[filename] = known
        return known

    def _is_student(self, filename: str) -> bool:
        if self.only is not None:
            return filename in self.only
        return _outside_libraries(filename)

    def defines(self, cls: type) -> bool:
        """Whether this class is written in one of the student's files."""
        code = getattr(getattr(cls, "backward", None), "__code__", None)
        return code is not None and self.number(code.co_filename) >= 0

    def student_frame(self, frame: FrameType | None) -> FrameType | None:
        """The student's innermost frame at or above this one."""
        numbers = self.numbers
        while frame is not None:
            filename = frame.f_code.co_filename
            index = numbers.get(filename)
            if index is None:
                index = self.number(filename)
            if index >= 0:
                return frame
            frame = frame.f_back
        return None

    def frames(self, frame: FrameType | None) -> Iterator[FrameType]:
        """The student's frames, innermost first."""
        frame = self.student_frame(frame)
        for _ in range(_DEPTH):
            if frame is None:
                return
            yield frame
            frame = self.student_frame(frame.f_back)


_CALLERS: dict[str, bool | None] = {}
"""By file: whether it is torch's, or None for the recorder's own."""


def called_by_torch() -> bool:
    """Whether the call that is being noted was made by torch's own Python code."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        filename = frame.f_code.co_filename
        if filename not in _CALLERS:
            ours = filename.startswith(_HERE) and not filename.startswith(_RULES)
            _CALLERS[filename] = None if ours else filename.startswith(TORCH)
        torchs = _CALLERS[filename]
        if torchs is not None:
            return torchs
        frame = frame.f_back
    return False
