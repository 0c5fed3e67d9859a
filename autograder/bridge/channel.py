"""The line itself: something that takes a request's bytes and gives a reply's bytes, or says why not."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Protocol

from autograder.bridge.answer import Answerer


class ChannelClosed(Exception):
    """The other end is gone: ``reason`` is ``timed_out``, ``exited``, ``memory_exceeded`` or ``garbled``."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class Channel(Protocol):
    """One worker, for one check. After ChannelClosed it is of no further use."""

    def exchange(self, frame: bytes, seconds: float) -> bytes:
        """The reply's frame; raises ChannelClosed where none comes within ``seconds``."""

    def close(self) -> float:
        """Ends the worker and returns the CPU seconds that it used."""


OpenChannel = Callable[[], Channel]


class LocalChannel:
    """A worker that is no process of its own: for students, whose code runs in their own test run.

    Nothing is locked up and nothing is timed out: whoever grades uses the sandbox instead.
    """

    def __init__(self, module: ModuleType | None = None, files: Iterable[str] = ()) -> None:
        self._answerer = Answerer(module, files)
        self._started = time.process_time()

    def exchange(self, frame: bytes, seconds: float) -> bytes:
        """The reply's frame, made in this process."""
        return self._answerer.answer(frame)

    def close(self) -> float:
        """The CPU seconds that this process has used since the channel was opened."""
        return time.process_time() - self._started
