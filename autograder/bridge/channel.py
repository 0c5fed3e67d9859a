"""The line itself: something that takes a request's bytes and gives a reply's bytes, or says why not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from autograder.bridge.allowance import Allowance
from autograder.bridge.place import Place


class ChannelClosed(Exception):
    """The other end is gone.

    ``reason`` is ``timed_out``, ``exited``, ``memory_exceeded``, ``garbled``, or ``unfinished``: given up, which is no
    fault of the submission. For ``timed_out``, ``detail`` says what it did (``computing``, ``sleep``, ``lock``,
    ``stopped``, ``waiting``, or ``before``: it was not called again) and ``place`` where, as far as that is known.
    """

    def __init__(self, reason: str, detail: str = "", place: Place | None = None) -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail
        self.place = place


class Channel(Protocol):
    """One worker, for one check. After ChannelClosed it is of no further use."""

    def exchange(self, frame: bytes, allowance: Allowance) -> bytes:
        """The reply's frame; raises ChannelClosed where none comes within what is allowed."""

    def serves_another(self) -> bool:
        """Whether the worker may serve another check: nothing of the last one goes on in it or lies in its folder."""

    def spent(self) -> float:
        """The CPU seconds that the worker has used so far."""

    def close(self) -> float:
        """Ends the worker and returns the CPU seconds that it used."""


OpenChannel = Callable[[], Channel]
