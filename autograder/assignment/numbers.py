"""What the numbers of an ``assignment.toml`` may be, and on which line of it a key stands."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from autograder.assignment.lines import key_line

_SECONDS = "a limit is a number of seconds above 0"
_SHARE = "a share of the points is a number from 0 to 1"
_NOT_NEGATIVE = "a number from 0 on is asked for"
_RANGES: dict[str, tuple[float, bool, str]] = {
    "limits.call_seconds": (math.inf, False, _SECONDS),
    "limits.load_seconds": (math.inf, False, _SECONDS),
    "limits.idle_seconds": (math.inf, False, _SECONDS),
    "limits.container_seconds": (math.inf, False, _SECONDS),
    "limits.seconds_for.*": (math.inf, False, _SECONDS),
    "limits.memory_mb": (math.inf, False, "a limit is a number of megabytes above 0"),
    "limits.output_kb": (math.inf, True, "a limit is a number of kilobytes from 0 on"),
    "hygiene.error": (1, True, _SHARE),
    "hygiene.warning": (1, True, _SHARE),
    "hygiene.deductions.*": (1, True, _SHARE),
    "late.percent_per_day": (100, True, "a number of percent from 0 to 100 is asked for"),
    "late.grace_minutes": (math.inf, True, _NOT_NEGATIVE),
    "late.max_days": (math.inf, True, _NOT_NEGATIVE),
    "attempts.limit": (math.inf, False, "a number of submissions above 0 is asked for"),
    "attempts.per_hours": (math.inf, True, _NOT_NEGATIVE),
}
"""By key, ``*`` for any: the largest number, whether it may be 0, and how to say so."""


def number_problems(settings: Mapping[str, Any], text: str) -> Iterator[tuple[int | None, str]]:
    """The line and the sentence of every number that makes no sense.

    ``settings``: the file's content as plain dictionaries. ``text``: the file.
    """
    for section, key, value in _numbers(settings):
        found = _RANGES.get(f"{section}.{key}") or _RANGES.get(f"{section}.*")
        if found is None:
            continue
        most, may_be_0, words = found
        if not 0 <= value <= most or value == math.inf or (value == 0 and not may_be_0):
            yield key_line(text, section, key), f"[{section}] has {key} = {value}; {words}."


def _numbers(settings: Mapping[str, Any], section: str = "") -> Iterator[tuple[str, str, float]]:
    for key, value in settings.items():
        if isinstance(value, Mapping):
            yield from _numbers(value, f"{section}.{key}" if section else key)
        elif isinstance(value, (int, float)):
            yield section, key, value
