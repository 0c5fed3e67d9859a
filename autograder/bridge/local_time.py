"""The time limits of grading where the student's code runs in the student's own process: pytest, a notebook.

A thread watches the call. When it is over, it interrupts the student's thread by a signal, as Ctrl-C would, and an
exception is raised in the student's own code, never in ours. Where there are no signals, or the call is not made by
the main thread, Python is asked to raise it; then a sleep or a wait ends only when it ends by itself. What stays in one
call of C that holds the interpreter's lock cannot be interrupted in its own process.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Callable, Collection
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

from autograder.bridge.allowance import Allowance, Expiry
from autograder.bridge.meter import ThreadGauge, waits_for
from autograder.bridge.place import WHERE_ARE_YOU, Place, frames_from, place_of

_TICK = 0.1
_INSIST = 0.02
"""How long until code that goes on is interrupted again."""
_PATIENCE = 100
"""So often our own code that was met on top of the student's may finish first."""
_OURS = str(Path(__file__).resolve().parents[1]) + os.sep


class Stopped(BaseException):
    """Raised in the student's code when its time is over; not an Exception, which beginners catch."""

    swallowed: Callable[[], None]

    def __del__(self) -> None:
        self.swallowed()


class TimedCall:
    """A context around a call into the student's code; ``reason`` says afterwards why it was stopped, if it was."""

    def __init__(self, allowance: Allowance, files: Callable[[], Collection[str]]) -> None:
        self._allowance = allowance
        self._files = files
        self._caller = threading.get_ident()
        self._native = threading.get_native_id()
        self._by_signal = WHERE_ARE_YOU is not None and threading.current_thread() is threading.main_thread()
        self._over = threading.Event()
        # A class of its own, since Python makes the exception by itself where it is raised from another thread.
        self._stopped = type("Stopped", (Stopped,), {"swallowed": staticmethod(self._insist)})
        self._asked = 0
        self._tracing: Any = None
        self._handler: Any = None
        self._threads: set[threading.Thread] = set()
        self._expired = ""
        self.reason = ""
        """``computing``, ``sleep``, ``lock``, ``waiting`` or ``unfinished``; empty where the call came to its end."""
        self.place: Place | None = None

    def __enter__(self) -> TimedCall:
        self._tracing = sys.gettrace()
        self._threads = set(threading.enumerate())
        self._streams = sys.stdout, sys.stderr
        expiry = Expiry(self._allowance, ThreadGauge())
        if self._by_signal:
            assert WHERE_ARE_YOU is not None
            self._handler = signal.signal(WHERE_ARE_YOU, self._interrupted)
        self._watcher = threading.Thread(target=self._watch, args=(expiry,), name="autograder-clock", daemon=True)
        self._watcher.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        self._stop_watching()
        if self._by_signal:
            assert WHERE_ARE_YOU is not None
            # A handler that was not set from Python cannot be set again either.
            signal.signal(WHERE_ARE_YOU, self._handler if self._handler is not None else signal.SIG_DFL)
        if sys.gettrace() is not self._tracing:
            sys.settrace(self._tracing)
        if self.reason:
            self._end_threads()
            sys.stdout, sys.stderr = self._streams
        return isinstance(error, Stopped)

    def _stop_watching(self) -> None:
        while True:
            try:
                self._over.set()
                self._watcher.join()  # from here on nobody interrupts
                if self._asked and not self._by_signal:
                    _raise_in(self._caller, self._stopped)  # takes the place of one that is on its way still
                    while True:
                        pass  # until it is here
                return
            except Stopped:  # Python raises what another thread asks for where it likes
                self._asked = 0

    def _watch(self, expiry: Expiry) -> None:
        while not self._expired:
            if self._over.wait(_TICK):
                return
            self._expired = expiry.reason()
        if self._expired == "waiting":
            self._expired = waits_for(self._native) or "waiting"
        while not self._over.wait(_INSIST):
            self._asked += 1
            if self._by_signal:
                assert WHERE_ARE_YOU is not None
                signal.pthread_kill(self._caller, WHERE_ARE_YOU)
            else:
                self._raise_there()

    def _interrupted(self, number: int, frame: FrameType | None) -> None:
        if not self._over.is_set() and self._expired and self._may_raise_in(frame):
            self._note(frame)
            raise self._stopped

    def _raise_there(self) -> None:
        frame = sys._current_frames().get(self._caller)
        if self._may_raise_in(frame):
            self._note(frame)
            if self._asked == 1:
                self._end_threads()  # it may be waiting for one of them
            elif not self._over.is_set():
                _raise_in(self._caller, self._stopped)

    def _end_threads(self) -> None:
        """Ends what the call has started, as soon as it runs Python code, without a word."""
        for thread in set(threading.enumerate()) - self._threads - {self._watcher}:
            # Python says nothing of SystemExit in a thread, pytest does; this is where both would hear of it.
            vars(thread)["_invoke_excepthook"] = lambda *arguments: None
            _raise_in(thread.ident, SystemExit)

    def _note(self, frame: FrameType | None) -> None:
        if not self.reason:
            self.reason = self._expired
            self.place = place_of(frame, self._files())

    def _may_raise_in(self, frame: FrameType | None) -> bool:
        """Whether the student's code is running and, on top of it, nothing of ours that would be left half done."""
        files = self._files()
        ours = False
        for one in frames_from(frame):
            if one.f_code.co_filename in files:
                return not ours or self._asked > _PATIENCE
            ours = ours or one.f_code.co_filename.startswith(_OURS)
        return False

    def _insist(self) -> None:
        """After the exception was swallowed: has the next line of the student's raise it again, outside of that try."""
        if self._over.is_set() or threading.get_ident() != self._caller:
            return
        files = self._files()
        own = [one for one in frames_from(sys._getframe()) if one.f_code.co_filename in files]
        for one in own:
            one.f_trace = self._trace
        if own:
            sys.settrace(self._trace)

    def _trace(self, frame: FrameType, event: str, argument: object) -> Any:
        if event == "line" and not self._over.is_set() and frame.f_code.co_filename in self._files():
            raise self._stopped
        return self._trace


def _raise_in(thread: int | None, kind: type[BaseException]) -> None:
    """Has Python raise an exception in a thread as soon as it runs Python code again."""
    # Not to be taken back by NULL: Python 3.11 goes round and round then, where somebody traces.
    if thread is not None:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(kind))
