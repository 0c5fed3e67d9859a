"""The line to a worker that is no process of its own: where students run the checks themselves."""

from __future__ import annotations

import time

from autograder.bridge.allowance import Allowance
from autograder.bridge.answer import Answerer
from autograder.bridge.channel import ChannelClosed
from autograder.bridge.live import LiveCode
from autograder.bridge.local_time import TimedCall
from autograder.bridge.student_side import StudentSide


class LocalChannel:
    """The student's code in the student's own process: in pytest's, or in the notebook's own kernel.

    Nothing is locked up: whoever grades uses the sandbox instead. The limits of time are the same; the CPU seconds are
    those of the whole process.
    """

    def __init__(self, live: LiveCode | None = None) -> None:
        """``live``: what is asked, instead of the text that the load request brings."""
        self._answerer = Answerer(live)
        self._side = StudentSide()
        self._started = time.process_time()

    def exchange(self, frame: bytes, allowance: Allowance) -> bytes:
        """The reply's frame, made in this process."""
        reply = b""
        with self._side.entered(), TimedCall(allowance, lambda: self._answerer.files) as timed:
            reply = self._answerer.answer(frame)
        if timed.reason == "unfinished":
            raise ChannelClosed("unfinished")
        if timed.reason:
            raise ChannelClosed("timed_out", timed.reason, timed.place)
        return reply

    def serves_another(self) -> bool:
        """Never: to load the submission again costs nothing here."""
        return False

    def spent(self) -> float:
        """The CPU seconds that this process has used since the channel was opened."""
        return time.process_time() - self._started

    def close(self) -> float:
        """The CPU seconds that this process has used since the channel was opened."""
        return time.process_time() - self._started
