"""Three ways to use up one's time, three sentences; and one for what is nobody's fault."""

from __future__ import annotations

import pytest

from autograder.bridge.channel import ChannelClosed
from autograder.bridge.feedback import of_closed_channel
from autograder.bridge.place import Place

LOOP = Place(14, "x = x - 1", 12, "while x > 0:")
LINE = Place(14, "lock.acquire()")
EXPERIMENTS = 'Move experiments below `if __name__ == "__main__":`.'


@pytest.mark.parametrize(
    ("detail", "place", "title", "said"),
    [
        (
            "computing",
            LOOP,
            "train",
            "`train` used more than 10 seconds of processor time and was stopped in the loop on line 12. Look for a "
            "loop that never ends, or for work that grows with every step.\n    while x > 0:",
        ),
        (
            "computing",
            Place(14, "return f(n)"),
            "train",
            "`train` used more than 10 seconds of processor time and was stopped on line 14. Look for a loop "
            "that never ends, or for work that grows with every step.\n    return f(n)",
        ),
        (
            "computing",
            LOOP,
            "",
            "Your file used more than 10 seconds of processor time while it was imported and was stopped in the loop "
            f"on line 12. {EXPERIMENTS}\n    while x > 0:",
        ),
        (
            "sleep",
            Place(14, "time.sleep(60)", 12, "while True:"),
            "train",
            "`train` spent more than 1 second waiting instead of computing. When it was stopped, it was asleep on line "
            "14. Nothing that is graded needs a pause: take it out.\n    time.sleep(60)",
        ),
        (
            "lock",
            LINE,
            "train",
            "`train` spent more than 1 second waiting instead of computing. When it was stopped, it was waiting for a "
            "lock or a thread on line 14. Look for a lock that is never released, or a thread or a queue that never "
            "finishes.\n    lock.acquire()",
        ),
        (
            "waiting",
            None,
            "",
            "Your file spent more than 1 second waiting while it was imported. When it was stopped, it was waiting for "
            f"something (such as a sleep, `input()`, a lock or a thread). {EXPERIMENTS}",
        ),
        ("stopped", None, "train", "`train` stopped its own process (SIGSTOP), and it did not go on."),
    ],
)
def test_what_is_said_of_a_call_that_was_stopped(detail: str, place: Place | None, title: str, said: str) -> None:
    failure = of_closed_channel(ChannelClosed("timed_out", detail, place), title, (10.0, 1.0), "line {}".format)
    assert (failure.message, failure.outcome) == (said, "timed_out")


@pytest.mark.parametrize(
    ("detail", "said"),
    [("", "was still running"), ("before", "was not called again, after earlier calls")],
)
def test_what_the_clock_alone_ended_is_for_a_person(detail: str, said: str) -> None:
    failure = of_closed_channel(ChannelClosed("unfinished", detail), "train", (10.0, 30.0), "line {}".format)
    assert failure.outcome == "internal_error"
    assert failure.message.startswith(f"`train` {said}")
    assert failure.message.endswith("That says nothing about your work: a person will look at it.")
