"""How much a call may use, and when it is over."""

from __future__ import annotations

import contextlib
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from autograder.assignment import Limits
from autograder.bridge.meter import Gauge
from autograder.bridge.speed import MOST, slowness

_SHORTEST_WAIT = 30.0
_WAITS = 5.0
_TIMES_REFERENCE = 10.0
_ABSOLUTE_SECONDS, _ABSOLUTE_TIMES = 1800.0, 60.0

Cost = Callable[[str, tuple[Any, ...], Mapping[str, Any]], "float | None"]
"""The processor seconds that the reference uses here for a call; None where it cannot tell."""


@dataclass(frozen=True)
class Allowance:
    """What one call may use."""

    seconds: float
    """Processor seconds."""
    idle_seconds: float = float("inf")
    """Seconds in which it neither computes nor waits for a processor."""
    stretched: Callable[[], float] | None = None
    """The processor seconds that it may use on this machine at this moment: asked when ``seconds`` are used up."""
    ends: float = float("inf")
    """The moment (of ``time.monotonic``) at which it is given up, whatever it does: no fault of the student's."""


class Expiry:
    """Says when a call has had what it was allowed."""

    def __init__(self, allowance: Allowance, gauge: Gauge) -> None:
        self._allowance = allowance
        self._gauge = gauge
        self._most: float | None = None

    def reason(self) -> str:
        """``computing``, ``waiting`` or ``unfinished``; nothing while the call may go on."""
        allowance = self._allowance
        used, idle = self._gauge.look()
        if time.monotonic() >= allowance.ends:
            return "unfinished"
        if idle >= allowance.idle_seconds:
            return "waiting"
        if used < allowance.seconds:
            return ""
        if self._most is None:
            self._most = allowance.stretched() if allowance.stretched is not None else allowance.seconds
        return "computing" if used >= self._most else ""


class Timekeeper:
    """Hands out the allowances of one submission's calls.

    ``[limits]`` are processor seconds on the reference machine. A slower one gives more of them, up to eight times as
    many; and no call is stopped before it has used ten times what the reference uses for that very call. Both are
    found out only where a call has used up its limit.
    """

    def __init__(
        self,
        limits: Limits,
        *,
        cost: Cost = lambda name, args, kwargs: None,
        ends: Callable[[], float] = lambda: float("inf"),
        slower: Callable[[], float] = slowness,
    ) -> None:
        self._limits = limits
        self._cost = cost
        self._ends = ends
        self._slower = slower
        self.spent: defaultdict[str, float] = defaultdict(float)
        """Seconds on the clock by what was called; the import has no name."""

    def load(self) -> Allowance:
        """What importing the submission may use."""
        return self._allowance("", lambda: None)

    def call(self, title: str, name: str | None, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Allowance:
        """What a call may use; ``name`` is the function's where it is called with plain data."""
        return self._allowance(title, lambda: self._cost(name, args, kwargs) if name else None)

    def limits_of(self, title: str) -> tuple[float, float]:
        """Processor seconds and seconds of waiting for ``f`` or ``Class.method``; for the import, without a title."""
        limits = self._limits
        seconds = limits.seconds_for.get(title.split(".")[0], limits.call_seconds) if title else limits.load_seconds
        return seconds, self._idle(seconds)

    @contextlib.contextmanager
    def spending(self, title: str) -> Iterator[None]:
        """Counts the seconds of the block as spent on ``title``."""
        started = time.monotonic()
        try:
            yield
        finally:
            self.spent[title] += time.monotonic() - started

    def _allowance(self, title: str, cost: Callable[[], float | None]) -> Allowance:
        seconds, idle = self.limits_of(title)

        def stretched() -> float:
            reference = cost() or 0.0
            return min(max(seconds * self._slower(), reference * _TIMES_REFERENCE), seconds * MOST)

        absolute = time.monotonic() + _ABSOLUTE_SECONDS + _ABSOLUTE_TIMES * seconds
        return Allowance(seconds, idle, stretched, min(self._ends(), absolute))

    def _idle(self, seconds: float) -> float:
        given = self._limits.idle_seconds
        return max(_SHORTEST_WAIT, _WAITS * seconds) if given is None else given
