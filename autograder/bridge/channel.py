"""What runs a submission, as the checks see it: a line that takes a question's bytes and gives an answer's.

There are two: to a locked process (:mod:`autograder.sandbox.fork`), and into the student's own
(:mod:`autograder.bridge.local_channel`). :mod:`autograder.checking.situation` chooses.
"""

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
    """One worker: for one check, or for those of a submission in turn where it :meth:`serves_another`.

    Every implementation passes the tests in ``tests/bridge/conformance``, so that a public check means the same
    wherever it runs:

    * Bytes are all that passes: values are copied in and out, to the last bit, and objects stay with the worker.
    * Whatever the student's code raises or prints is in the reply; it reads nothing from a keyboard.
    * Every call starts from the request's random state. The random states, the grad mode and the default dtype of the
      checks' own code stay what they are, and those of the worker hold until the end of the check.
    * A call ends by itself or when its allowance is used up, counted in processor seconds; a closed channel says what
      it did and at which line.
    * What one check leaves in the submission's module is gone in the next.

    What differs, because it cannot be otherwise:

    * Only a process of its own has a limit of memory, keeps what is written past ``sys.stdout`` to itself, starts with
      an empty folder, and ends (``os._exit``, a signal, threads that go on) without the checks.
    * Where students work, torch has as many threads as it wants, and other modules and files keep what was done to
      them.
    * In a live notebook the functions are those of the kernel, with their globals: what they keep, they keep. It tells
      neither which line gave a function's name to something else nor what stands in blocks that were never run, and
      what it could not import has failed in its cell.
    """

    def exchange(self, frame: bytes, allowance: Allowance) -> bytes:
        """The reply to one request; raises ChannelClosed where none comes, and is of no further use then."""

    def serves_another(self) -> bool:
        """Whether the worker may serve another check: nothing of the last one goes on in it or lies in its folder."""

    def spent(self) -> float:
        """The CPU seconds that the worker has used so far."""

    def close(self) -> float:
        """Ends the worker; the CPU seconds that it used."""


OpenChannel = Callable[[], Channel]
"""Opens a channel: a worker that has loaded nothing yet."""
