"""A bound on the processor time of single statements, within the process that runs them.

The judge's own limit would end the whole worker. This one only ends a statement, so that a training run at the top
level of a notebook costs what depends on it and nothing else. It is no lock: hostile code that disables it meets the
judge's.
"""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any, TypeAlias

TraceFunction: TypeAlias = Callable[[FrameType, str, Any], Any]

_AGAIN = 0.05
"""Seconds after which the statement is stopped once more, should it have caught the first time."""


class Stopped(BaseException):
    """The statement used up its time; no ``except Exception`` of a student catches it."""


class Budget:
    """Seconds of processor time for all statements of the file ``filename`` together."""

    def __init__(self, seconds: float, filename: str) -> None:
        self._left = seconds
        self._filename = filename

    @contextlib.contextmanager
    def share(self) -> Iterator[float]:
        """Runs the body with half of what is left, so that there is always something left; raises Stopped."""
        seconds = self._left / 2
        if not _can_stop() or seconds <= 0:
            yield seconds
            return
        timer = _Timer(seconds, self._filename)
        try:
            try:
                yield seconds
            finally:
                self._left -= timer.end()
        except Stopped:
            timer.end()  # once more: the signal may have come while it was being ended
            raise


class _Timer:
    """Raises Stopped where the process is, after so many seconds of its processor time."""

    def __init__(self, seconds: float, filename: str) -> None:
        self._seconds = seconds
        self._filename = filename
        self._running = True
        self._caught = 0
        self._traced = sys.gettrace()
        self._before = signal.signal(signal.SIGPROF, self._stop)
        signal.setitimer(signal.ITIMER_PROF, seconds, _AGAIN)

    def end(self) -> float:
        """Stops the clock; the seconds that were used."""
        self._running = False
        remaining, _ = signal.setitimer(signal.ITIMER_PROF, 0)
        if self._caught > 1:
            sys.settrace(self._traced)
        signal.signal(signal.SIGPROF, self._before if self._before is not None else signal.SIG_DFL)
        return max(0.0, self._seconds - remaining)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        if not self._running:
            return
        self._caught += 1
        if self._caught == 2:
            # Something like a bare `except` catches it. Raised at every line, it is raised outside of that, too.
            sys.settrace(self._trace)
            while frame is not None:
                if frame.f_code.co_filename == self._filename:
                    frame.f_trace = self._trace
                frame = frame.f_back
        raise Stopped

    def _trace(self, frame: FrameType, event: str, argument: object) -> TraceFunction | None:
        if not self._running or frame.f_code.co_filename != self._filename:
            return None
        if event == "line":
            raise Stopped
        return self._trace


def _can_stop() -> bool:
    return hasattr(signal, "ITIMER_PROF") and threading.current_thread() is threading.main_thread()
