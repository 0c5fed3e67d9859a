"""One process that grades submissions of a class, started by :mod:`autograder.grade.judges`.

It dies with the process that started it, and takes its warmed worker and scratch folders along.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from types import FrameType

from autograder.errors import AutograderError, GraderError
from autograder.grade import work
from autograder.grade.unfinished import empty_report
from autograder.grade.work import Graded, Work
from autograder.results import GradeReport
from autograder.sandbox.launch import end_early
from autograder.sandbox.locks.identity import die_with
from autograder.sandbox.locks.kernel import is_linux

_LOOK_SECONDS = 0.5


@dataclass(frozen=True)
class Order:
    """What is asked of a judge's process."""

    work: Work
    is_look_up: bool = False
    """Only see whether an earlier run graded it."""
    is_last_try: bool = False


@dataclass(frozen=True)
class Answer:
    """What it says."""

    report: GradeReport | None = None
    """None: nothing was found, or another judge had better try."""
    error: AutograderError | None = None
    """What stops the whole class."""


def main(descriptor: int, parent: int) -> None:
    """Serves the process ``parent`` until it closes the line at ``descriptor``."""
    _follow(parent)
    signal.signal(signal.SIGTERM, _end)
    line = Connection(descriptor)
    with contextlib.suppress(EOFError, OSError):
        while True:
            _serve(line, line.recv())
    _close_judges()


def _serve(line: Connection, order: Order) -> None:
    try:
        if order.is_look_up:
            with _undisturbed():
                line.send(Answer(work.look_up(order.work)))
            return
        graded = work.grade(order.work, is_last_try=order.is_last_try)
        # What is graded is not lost any more: whoever ends this process waits until it is written and told.
        with _undisturbed():
            line.send(Answer(_written(graded, order.work) if graded else None))
    except AutograderError as error:
        line.send(Answer(error=error))


def _written(graded: Graded, item: Work) -> GradeReport:
    try:
        return work.write(graded, item)
    except AutograderError:
        raise
    except Exception as error:  # a report that cannot be drawn is our fault, and one submission's only  # noqa: BLE001
        reason = f"The report cannot be written ({type(error).__name__}: {error})."
        broken = empty_report(item.assignment, item.file.name, "internal_error", integrity=(reason,))
    try:
        return work.write(Graded(broken), item)
    except Exception as error:  # noqa: BLE001
        raise GraderError(f"No report can be written ({type(error).__name__}: {error}).") from None


def _end(number: int, frame: FrameType | None) -> None:
    _close_judges()
    os._exit(0)


def _close_judges() -> None:
    end_early()
    for judge in work.judges.values():
        with contextlib.suppress(Exception):
            judge.close()


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Whoever asks this process to end waits so long."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})


def _follow(parent: int) -> None:
    """Ends this process when its parent ends, however that ends."""
    with contextlib.suppress(OSError):  # a container may forbid it; where the parent has ended, the thread sees that
        if is_linux():
            die_with(parent)
            return
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK_SECONDS)
    os._exit(1)
