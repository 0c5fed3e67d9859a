"""The processes that grade a class side by side: who is killed, crashes or hangs takes nothing along."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterable, Iterator
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path
from types import TracebackType
from typing import IO

from autograder.grade.judge_process import Answer, Order

_PACKAGES = str(Path(__file__).resolve().parents[2])
_CLOSE_SECONDS = 15.0
_STOP_SECONDS = 5.0

# Isolated, and only then given the paths of this process: the folder that somebody grades in may hold students'
# files with the names of modules.
# The worker is on its way before anything else is imported here, and torch is not taken apart at the end.
_LAUNCHER = """
import json, os, sys
sys.path[:] = json.loads(sys.argv[1])
if sys.argv[4] == "grade":
    from autograder.sandbox.launch import launch_early
    launch_early()
from autograder.grade.judge_process import main
main(int(sys.argv[2]), int(sys.argv[3]))
sys.stderr.flush()
os._exit(0)
"""


class Judges:
    """At most ``count`` processes; a context manager that ends them and everything that they started.

    They are sessions of their own, so that Ctrl-C in a terminal reaches this process alone, which decides.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._all: list[_JudgeProcess] = []
        self._idle: list[_JudgeProcess] = []
        self._busy: dict[Connection, tuple[_JudgeProcess, Order]] = {}

    def __enter__(self) -> Judges:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            if kind is None and not self._busy:
                self._close()
        finally:
            self.stop()

    def answers(self, orders: Iterable[Order]) -> Iterator[tuple[Order, Answer | str]]:
        """The answers as they come; for an order whose process ended, its last words."""
        waiting = deque(orders)
        while waiting or self._busy:
            while waiting and len(self._busy) < self._count:
                self._hand_out(waiting.popleft())
            for line in _ready(self._busy):
                process, order = self._busy.pop(line)
                answer = process.hear()
                if isinstance(answer, Answer):
                    self._idle.append(process)
                yield order, answer

    def stop(self) -> list[tuple[Order, Answer]]:
        """Ends all processes within seconds; what they had finished and not yet told."""
        for process in self._all:
            process.terminate()
        told: list[tuple[Order, Answer]] = []
        deadline = time.monotonic() + _STOP_SECONDS
        while self._busy and (left := deadline - time.monotonic()) > 0:
            for line in _ready(self._busy, left):
                process, order = self._busy.pop(line)
                answer = process.hear()
                if isinstance(answer, Answer):
                    told.append((order, answer))
        self._end(deadline)
        return told

    def _close(self) -> None:
        for process in self._all:
            process.line.close()
        self._end(time.monotonic() + _CLOSE_SECONDS)

    def _end(self, deadline: float) -> None:
        for process in self._all:
            process.end(max(0.0, deadline - time.monotonic()))
        for left in (self._all, self._idle, self._busy):
            left.clear()

    def _hand_out(self, order: Order) -> None:
        process = None
        while self._idle and process is None:
            process = self._idle.pop()
            if not process.is_told(order):  # it was killed while it had nothing to do
                process = None
        if process is None:
            process = _JudgeProcess("look up" if order.is_look_up else "grade")
            self._all.append(process)
            process.is_told(order)  # where it ended at once, its line says so
        self._busy[process.line] = (process, order)


class _JudgeProcess:
    """One process and the line to it."""

    def __init__(self, purpose: str) -> None:
        """``purpose``: "grade", where it will need a worker at once."""
        # What its libraries print belongs neither on the terminal nor in a report, but may say why it ended.
        self._said = tempfile.TemporaryFile()  # noqa: SIM115
        self._last_words = ""
        self.line, theirs = Pipe()
        paths = [path for path in sys.path if path] + [_PACKAGES]
        arguments = [json.dumps(paths), str(theirs.fileno()), str(os.getpid()), purpose]
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-c", _LAUNCHER, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=self._said,
                stderr=self._said,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )

    def is_told(self, order: Order) -> bool:
        """Whether the order could be sent."""
        try:
            self.line.send(order)
        except OSError:
            return False
        return True

    def hear(self) -> Answer | str:
        """The answer; the last words of a process that ended."""
        try:
            answer: Answer = self.line.recv()
        except (EOFError, OSError):
            self.end(1.0)
            return self._last_words
        return answer

    def terminate(self) -> None:
        """Asks the process to end; it takes along what it started."""
        self._process.terminate()

    def end(self, seconds: float) -> None:
        """Waits until the process has ended, and no longer than that."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self.line.close()
        if not self._said.closed:
            self._last_words = f"exit status {self._process.returncode}{_last_line(self._said)}"
            self._said.close()


def _last_line(stream: IO[bytes]) -> str:
    with contextlib.suppress(OSError):
        end = stream.seek(0, os.SEEK_END)
        stream.seek(max(0, end - 800))
        lines = stream.read().decode("utf-8", "replace").strip().splitlines()
        return f": {lines[-1]}" if lines else ""
    return ""


def _ready(busy: dict[Connection, tuple[_JudgeProcess, Order]], seconds: float | None = None) -> list[Connection]:
    return [line for line in wait(list(busy), seconds) if isinstance(line, Connection)]
