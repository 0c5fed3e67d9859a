"""A bound on what a check itself may compute in the judge, so that a loop without an end there ends.

It counts this process's own processor time: a busy machine takes none of it away, and a submission's calls, which run
in their worker, none either.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Generator, Iterator
from types import FrameType

import pytest

from autograder.errors import AssignmentError

SECONDS = 300.0
"""Processor seconds for the set-up of a check, and for its run."""
_AFTERWARDS = 20.0
"""The same once a check has used up all of it: the others may well call the same function."""


class Patience:
    """The pytest plugin."""

    def __init__(self) -> None:
        self._seconds = SECONDS

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self) -> Generator[None, object, object]:
        with self._bounded():
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Generator[None, object, object]:
        with self._bounded():
            return (yield)

    @contextlib.contextmanager
    def _bounded(self) -> Iterator[None]:
        if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.signal(signal.SIGVTALRM, self._end)
        signal.setitimer(signal.ITIMER_VIRTUAL, self._seconds)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.signal(signal.SIGVTALRM, before)

    def _end(self, number: int, frame: FrameType | None) -> None:
        used, self._seconds = self._seconds, min(self._seconds, _AFTERWARDS)
        raise AssignmentError(
            f"the check, or what it calls of the reference, computed for {used:g} s without an end; look for a loop"
        )
