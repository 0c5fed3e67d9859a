"""Which line of the student's is running."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

from autograder.hygiene.recording.student.files import Files
from autograder.hygiene.trace.events import Place

NOWHERE = Place()


class Lines:
    """The lines of the student's files as places in the trace."""

    def __init__(self, files: Files) -> None:
        self.files = files

    def running(self) -> Place:
        """The student's innermost line that is running now."""
        return self.at(sys._getframe(3))  # the caller, and what has called it, are ours

    def at(self, frame: FrameType | None) -> Place:
        """The student's innermost line at or above this frame."""
        frame = self.files.student_frame(frame)
        if frame is None:
            return NOWHERE
        return Place(self.files.numbers[frame.f_code.co_filename], frame.f_lineno or 0)

    def decorator(self) -> Place | None:
        """The line of ``@torch.no_grad()``, if the student's innermost running function has such a decorator."""
        frame = self.files.student_frame(sys._getframe(2))
        if frame is None or frame.f_back is None or frame.f_back.f_code.co_name != "decorate_context":
            return None
        return Place(self.files.numbers[frame.f_code.co_filename], frame.f_code.co_firstlineno)

    def of_traceback(self, traceback: Any) -> Place:
        """The student's innermost line of a traceback."""
        place = NOWHERE
        while traceback is not None:
            index = self.files.number(traceback.tb_frame.f_code.co_filename)
            if index >= 0:
                place = Place(index, traceback.tb_lineno)
            traceback = traceback.tb_next
        return place
