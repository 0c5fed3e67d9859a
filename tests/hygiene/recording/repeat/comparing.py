"""Recordings with and without the shortcut for steps that repeat each other, side by side."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from typing import Any

from autograder.hygiene import Recording, Window, record
from autograder.hygiene.recording.repeat.rows import Run

FIRST_NODE, LAST_NODE = 12, 13
WINDOWS = (Window.full(), Window.first(6), Window.every(8, steps=5))


def recorded(
    run: Callable[..., Any], arguments: tuple[Any, ...] = (), *, short: bool = True, window: Window | None = None
) -> Recording:
    recording = record(inputs=arguments, window=window)
    recording._backward_calls.repeats = short
    with contextlib.suppress(Exception), contextlib.redirect_stdout(io.StringIO()), recording:
        run(*arguments)
    return recording


def rows(recording: Recording) -> int:
    assert recording._data is not None
    return sum(len(event.rows) for event in recording._data.events if isinstance(event, Run))


def comparable(recording: Recording) -> dict[str, Any]:
    """The trace; the numbers of graph nodes, which go on from run to run, counted from the first."""
    data = recording.plain()
    passes = [event for event in data["events"] if event[0] == "Backward" and event[LAST_NODE]]
    first = passes[0][FIRST_NODE] if passes else 0
    for event in passes:
        event[FIRST_NODE] -= first
        event[LAST_NODE] -= first
    return data


def assert_same(
    run: Callable[..., Any],
    arguments: Callable[[], tuple[Any, ...]] = tuple,
    window: Window | None = None,
) -> int:
    short = recorded(run, arguments(), window=window)
    full = recorded(run, arguments(), window=window, short=False)
    shortened = rows(short)
    assert rows(full) == 0
    assert repr(comparable(short)) == repr(comparable(full))  # as text: nan is equal to nan there
    return shortened
