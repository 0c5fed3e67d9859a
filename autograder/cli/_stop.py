"""How a run is stopped: Ctrl-C, a termination signal, a terminal that is closed."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
_STOPPING = b"\nStopping: what is done gets written. Once more ends it at once.\n"
_STOPPED_AT_ONCE = b"\nStopped at once. What was graded is kept: run the same command again to go on.\n"
_SHOW_CURSOR = b"\x1b[?25h"
STOPPED = 130


@contextlib.contextmanager
def stoppable() -> Iterator[None]:
    """The first signal raises KeyboardInterrupt in what runs inside; a second one ends the process at once.

    What was ignored when this process started, as under ``nohup``, stays ignored.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            _end_at_once()
        asked = True
        _say(_STOPPING)
        raise KeyboardInterrupt

    before = {number: signal.getsignal(number) for number in _SIGNALS}
    try:
        for number, handler in before.items():
            if handler not in (signal.SIG_IGN, None):
                signal.signal(number, stop)
        yield
    finally:
        for number, handler in before.items():
            if handler not in (signal.SIG_IGN, None):
                signal.signal(number, handler)


def _end_at_once() -> None:
    # The judges die with this process, and every file is whole at every moment.
    _say(_STOPPED_AT_ONCE)
    with contextlib.suppress(OSError, ValueError):
        if sys.stdout.isatty():
            os.write(sys.stdout.fileno(), _SHOW_CURSOR)
    os._exit(STOPPED)


def _say(text: bytes) -> None:
    # Python's own streams may be in the middle of a line, or of a lock, when a signal arrives.
    with contextlib.suppress(OSError):
        os.write(2, text)
