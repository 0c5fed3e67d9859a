"""Where the checks run, and what runs the submission there: the one place that chooses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograder.assignment import Limits
from autograder.bridge.channel import OpenChannel
from autograder.bridge.live import LiveCode
from autograder.bridge.local_channel import LocalChannel
from autograder.bridge.speed import MOST
from autograder.sandbox.control import Lockdown

if TYPE_CHECKING:
    from autograder.sandbox.client import Zygote

_MOST_CALLS = 1000
"""So many calls, each up to its limit on the slowest machine, never meet the worker's own limit."""


@dataclass(frozen=True)
class Graded:
    """A judge grades: student code stays behind the trust line, in processes that this zygote forks and locks up."""

    zygote: Zygote


@dataclass(frozen=True)
class InFolder:
    """Students run pytest in their folder: their file is loaded in pytest's own process."""


@dataclass(frozen=True)
class InNotebook:
    """Students ask from a cell of their notebook: its functions run where they are."""

    live: LiveCode


Situation = Graded | InFolder | InNotebook


def channels_of(situation: Situation, limits: Limits) -> OpenChannel:
    """What opens a channel, whenever a check needs one; see :class:`autograder.bridge.channel.Channel`."""
    match situation:
        case Graded(zygote):
            return lambda: zygote.spawn(lockdown_for(limits))
        case InFolder():
            return LocalChannel
        case InNotebook(live):
            return lambda: LocalChannel(live)


def lockdown_for(limits: Limits) -> Lockdown:
    """How a worker is locked up whose calls have these limits."""
    longest = max([limits.call_seconds, *limits.seconds_for.values()])
    return Lockdown(limits.memory_mb, cpu_seconds=int(MOST * (limits.load_seconds + _MOST_CALLS * longest)) + 1)
