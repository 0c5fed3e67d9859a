"""A call that uses up its time ends alike, with the line at which it was stopped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from autograder.assignment import Limits
from autograder.bridge.proxy import SubmissionProxy

Load = Callable[..., SubmissionProxy]
Told = Callable[[Callable[[], Any]], tuple[str, str]]
COMPUTING = Limits(call_seconds=0.2, load_seconds=20, idle_seconds=60, memory_mb=512)
WAITING = Limits(call_seconds=60, load_seconds=60, idle_seconds=0.6, memory_mb=512)

COMPUTED = (
    "used more than 0.2 seconds of processor time and was stopped in the loop on line 3. Look for a loop that never "
    "ends, or for work that grows with every step.\n"
)
OVERTIME: dict[str, tuple[Limits, str, str]] = {
    "a loop": (
        COMPUTING,
        "def f():\n    while True:\n        pass\n",
        f"{COMPUTED}    while True:",
    ),
    "a loop around a function": (
        COMPUTING,
        "def f():\n    for turn in range(10**9):\n        step(turn)\ndef step(turn):\n    return turn\n",
        f"{COMPUTED}    for turn in range(10**9):",
    ),
    "a loop that catches everything": (
        COMPUTING,
        "def f():\n    while True:\n        try:\n            sum([])\n        except BaseException:\n            0\n",
        f"{COMPUTED}    while True:",
    ),
    "asleep": (
        WAITING,
        "def f():\n    time.sleep(600)\n",
        "spent more than 0.6 seconds waiting instead of computing. When it was stopped, it was asleep on line 3. "
        "Nothing that is graded needs a pause: take it out.\n    time.sleep(600)",
    ),
    "locked": (
        WAITING,
        "def f():\n    lock = threading.Lock()\n    lock.acquire()\n    lock.acquire()\n",
        "spent more than 0.6 seconds waiting instead of computing. When it was stopped, it was waiting for a lock or a "
        "thread on line 5. Look for a lock that is never released, or a thread or a queue that never finishes.\n"
        "    lock.acquire()",
    ),
}


@pytest.mark.parametrize("case", OVERTIME)
def test_the_time_is_the_same(load: Load, told: Told, case: str) -> None:
    limits, source, said = OVERTIME[case]
    outcome, heard = told(load(source, limits).f)
    # What another process waits for is told to whoever may look into it.
    for known in ("was asleep", "was waiting for a lock or a thread"):
        if known not in heard:
            said = said.replace(known, "was waiting for something (such as a sleep, `input()`, a lock or a thread)")
    if "such as a sleep" in heard:
        heard, said = heard.split(" on line ")[0], said.split(" on line ")[0]
    assert (outcome, heard) == ("timed_out", f"`f` {said}")


def test_what_ran_out_of_time_twice_is_not_called_again(load: Load, told: Told) -> None:
    submission = load("def f(n):\n    while not n:\n        pass\n    return n\n", COMPUTING)
    assert [told(lambda zero=zero: submission.f(zero))[0] for zero in (0, 0.0)] == ["timed_out"] * 2
    again = ("timed_out", "`f` ran out of time in earlier checks and was not called again.")
    assert told(lambda: submission.f(1)) == again
