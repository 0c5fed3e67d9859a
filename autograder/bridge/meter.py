"""What the kernel says of a process: how much it computed, and how long it did nothing though it could have.

Time on the clock says little about a program where others run as well. The kernel counts what each process computed,
and how long its threads were ready and had no processor; what is left of the clock's time, the process waited for
something else: a sleep, a lock, input.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

_LINUX = sys.platform.startswith("linux")
# How clock_getcpuclockid() and pthread_getcpuclockid() of the C library name a clock: no call can name a wrong thread.
_WHOLE_PROCESS, _ONE_THREAD = 2, 6
_RUNNABLE = "RD"
"""Running or ready; or waiting for the disk, which is no choice of the program's."""
_LONGEST_LOOK = 0.5
"""Whoever looks later than this was kept from looking (a suspended laptop): that time counts as nobody's idling."""


class Gauge(Protocol):
    """Measures one call."""

    def look(self) -> tuple[float, float]:
        """Processor seconds used and seconds idled since the gauge was made; to be asked a few times a second."""


class ProcessGauge:
    """Measures another process, with all its threads, whoever's it is."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._started = time.monotonic()
        self._before = process_seconds(pid)
        self._idleness = _Idleness(pid)

    def look(self) -> tuple[float, float]:
        """See :class:`Gauge`. Where the kernel does not tell, every second counts as used."""
        now = process_seconds(self._pid)
        if now is None or self._before is None:
            return time.monotonic() - self._started, 0.0
        return now - self._before, self._idleness.look(now)


class ThreadGauge:
    """Measures this thread and the Python threads that it starts; for code that runs in a process of many.

    What torch's own threads compute besides is not counted: it would be less on a machine with fewer processors.
    """

    def __init__(self) -> None:
        self._caller = threading.get_native_id()
        self._others = _native_ids() - {self._caller}
        self._idleness = _Idleness(os.getpid(), self._others)
        self._start = thread_seconds(self._caller)
        self._used = {self._caller: 0.0}
        self._started, self._process = time.monotonic(), time.process_time()

    def look(self) -> tuple[float, float]:
        """See :class:`Gauge`; asked by a thread of its own, which does not count."""
        watching = threading.get_native_id()
        idle = self._idleness.look(time.process_time(), watching)
        if self._start is None:
            spent = time.process_time() - self._process
            return min(spent, time.monotonic() - self._started), idle
        for thread in _native_ids() - self._others - {watching}:
            seconds = thread_seconds(thread)
            if seconds is not None:
                self._used[thread] = seconds - (self._start if thread == self._caller else 0.0)
        return sum(self._used.values()), idle


class _Idleness:
    """Adds up the seconds in which no thread of a process ran, was ready to run, or waited for the disk."""

    def __init__(self, pid: int, strangers: Collection[int] = ()) -> None:
        self._pid = pid
        self._strangers = frozenset(strangers)
        self._last: _Sight | None = None
        self._seconds = 0.0

    def look(self, computed: float, looking: int | None = None) -> float:
        """The seconds so far, ``computed`` being the processor seconds of the process so far.

        ``looking``: the thread that does, if it is one of these; it is running, but what it waits for, all wait for.
        """
        sight = _Sight(time.monotonic(), computed, *_delays(self._pid, self._strangers, looking))
        last, self._last = self._last, sight
        if last is not None and not sight.runnable:
            elapsed = min(sight.at - last.at, _LONGEST_LOOK)
            busy = sight.computed - last.computed + max(0.0, sight.delayed - last.delayed)
            self._seconds += max(0.0, elapsed - busy)
        return self._seconds


@dataclass(frozen=True)
class _Sight:
    at: float
    computed: float
    delayed: float
    """Seconds that the threads of today were ready and had no processor."""
    runnable: bool
    """Whether one of them is ready or running at this moment."""


def process_seconds(pid: int) -> float | None:
    """The processor seconds that a process has used, in all its threads; None where the kernel does not tell."""
    return _clock(pid, _WHOLE_PROCESS)


def thread_seconds(native_id: int) -> float | None:
    """The processor seconds that a thread of this process has used; None where the kernel does not tell."""
    return _clock(native_id, _ONE_THREAD)


def thread_count(pid: int) -> int | None:
    """How many threads a process has; None where the kernel does not tell."""
    try:
        return len(os.listdir(f"/proc/{pid}/task"))
    except OSError:
        return None


def waits_for(pid: int) -> str:
    """What an idle thread waits for: ``sleep``, ``lock``, ``stopped``, or nothing known.

    ``pid``: its number, or that of a process, whose first thread it is.
    """
    state, channel = _state(f"/proc/{pid}"), _read(f"/proc/{pid}/wchan")
    if state in ("T", "t"):
        return "stopped"
    if "nanosleep" in channel:
        return "sleep"
    return "lock" if "futex" in channel else ""


def _clock(number: int, kind: int) -> float | None:
    if not _LINUX:
        return None
    try:
        return time.clock_gettime((~number << 3) | kind)
    except OSError:
        return None


def _native_ids() -> set[int]:
    return {thread.native_id for thread in threading.enumerate() if thread.native_id is not None}


def _delays(pid: int, strangers: Collection[int] = (), looking: int | None = None) -> tuple[float, bool]:
    try:
        tasks = [int(task) for task in os.listdir(f"/proc/{pid}/task")]
    except OSError:
        return 0.0, False
    delayed, runnable = 0.0, False
    for task in tasks:
        if task not in strangers:
            folder = f"/proc/{pid}/task/{task}"
            fields = _read(f"{folder}/schedstat").split()
            delayed += int(fields[1]) * 1e-9 if len(fields) > 1 else 0.0
            runnable = runnable or (task != looking and _state(folder) in _RUNNABLE)
    return delayed, runnable


def _state(folder: str) -> str:
    """The state's letter; the name before it may hold anything."""
    return _read(f"{folder}/stat").rpartition(")")[2][1:2] or "?"


def _read(path: str) -> str:
    try:
        with open(path, "rb", buffering=0) as stream:
            return stream.read(4096).decode("utf-8", "replace")
    except OSError:
        return ""
