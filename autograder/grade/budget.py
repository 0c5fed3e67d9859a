"""The time that a platform gives a whole container, shared out among the checks that are left.

Gradescope stops a container after ten minutes and keeps nothing of what it found out. So no check begins, and none goes
on, that would take the time of the others or of writing the results; and what did not run for lack of time is no
verdict on anybody's work, but a case for a person.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping

import pytest

from autograder.assignment import Limits
from autograder.errors import AssignmentError, CheckFailure

SECONDS = "AUTOGRADER_CONTAINER_SECONDS"
_AROUND = 90.0
"""Seconds for what comes before the first check (Python and torch, on half a processor), and after the last one."""
_AT_MOST_AROUND = 0.25
_LEAST = 5.0
"""With less than this left (a twentieth of a small budget), a check does not begin."""


class Budget:
    """What is left of a container's time; a pytest plugin that shares it out."""

    def __init__(self, seconds: float, started: float | None = None) -> None:
        """``seconds`` of the platform, counted from ``started`` (of ``time.monotonic``), or from now."""
        self.seconds = seconds
        around = min(_AROUND, _AT_MOST_AROUND * seconds)
        end = (time.monotonic() if started is None else started) + seconds
        self.ends = end - around
        """The moment at which no check may go on."""
        self.last_moment = end - around / 2
        """The moment at which even the judge has to have come to its end."""
        self.spent: Mapping[str, float] = {}
        """Seconds by what was called, for telling what took the time."""
        self._checks_left = 1
        self._check_ends = self.ends

    def check_ends(self) -> float:
        """The moment at which the present check's share is used up."""
        return self._check_ends

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        self._checks_left = len(items)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        now = time.monotonic()
        left = self.ends - now
        # Most checks need seconds, and many none, for equal calls are made once: one may take half of what is left.
        self._check_ends = now + max(left / 2, left / max(1, self._checks_left))
        self._checks_left -= 1
        if left < min(_LEAST, self.seconds / 20):
            reason = f"Not run: the {self.seconds:g} seconds of this container were used up{self._by_what()}."
            raise CheckFailure(
                f"{reason} That says nothing about your work here: a person will look at it.", outcome="internal_error"
            )

    def _by_what(self) -> str:
        most = max(self.spent, key=lambda name: self.spent[name], default=None)
        if most is None:
            return ""
        return f", most of them by {f'`{most}`' if most else 'importing your file'} ({self.spent[most]:.0f} s)"


@contextlib.contextmanager
def last_resort(moment: float, give_up: Callable[[], object]) -> Iterator[None]:
    """Where the block still runs at ``moment``, calls ``give_up`` and ends this process, whatever holds it up."""

    def end() -> None:
        try:
            give_up()
        finally:
            os._exit(1)

    timer = threading.Timer(max(0.0, moment - time.monotonic()), end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def container_seconds(limits: Limits) -> float:
    """The seconds that this container has: the environment's, else those of assignment.toml."""
    given = os.environ.get(SECONDS, "")
    if not given:
        return limits.container_seconds
    try:
        seconds = float(given)
    except ValueError:
        seconds = 0.0
    if not 0.0 < seconds < float("inf"):
        raise AssignmentError(f"{SECONDS} is {given!r}, where a number of seconds was asked for, such as 600.")
    return seconds
