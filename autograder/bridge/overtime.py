"""What a student reads when a call had its time: it computed too long, it waited, or it is nobody's fault."""

from __future__ import annotations

from collections.abc import Callable

from autograder.bridge.channel import ChannelClosed
from autograder.bridge.place import Place
from autograder.errors import CheckFailure

Locate = Callable[[int], str]
_EXPERIMENTS = 'Move experiments below `if __name__ == "__main__":`.'
_WAITS = {
    "sleep": "was asleep",
    "lock": "was waiting for a lock or a thread",
    "waiting": "was waiting for something (such as a sleep, `input()`, a lock or a thread)",
}
_ADVICE = {
    "sleep": "Nothing that is graded needs a pause: take it out.",
    "lock": "Look for a lock that is never released, or a thread or a queue that never finishes.",
    "waiting": "Nothing that is graded needs to wait: take it out.",
}


def failure(
    closed: ChannelClosed, name: str, limits: tuple[float, float], locate: Locate, *, importing: bool
) -> CheckFailure:
    """The failure of a call that was stopped; ``limits`` are seconds of computing and of waiting."""
    again = closed.detail == "before"
    if closed.reason == "unfinished":
        said = "was not called again, after earlier calls that were still running" if again else "was still running"
        return CheckFailure(
            f"{name} {said} when the time for its check was over. That says nothing about your work: a person will "
            "look at it.",
            outcome="internal_error",
        )
    if again:
        text = f"{name} ran out of time in earlier checks and was not called again."
    elif closed.detail == "stopped":
        text = f"{name} stopped its own process (SIGSTOP), and it did not go on."
    elif closed.detail in _WAITS:
        text = _waited(closed, name, limits[1], locate, importing)
    else:
        text = _computed(closed.place, name, limits[0], locate, importing)
    return CheckFailure(text, outcome="timed_out")


def _waited(closed: ChannelClosed, name: str, seconds: float, locate: Locate, importing: bool) -> str:
    place = closed.place
    did = "waiting while it was imported" if importing else "waiting instead of computing"
    where = f" on {locate(place.line)}" if place else ""
    advice = _EXPERIMENTS if importing else _ADVICE[closed.detail]
    text = f"{name} spent more than {_seconds(seconds)} {did}. When it was stopped, it {_WAITS[closed.detail]}{where}."
    return f"{text} {advice}{_quoted(place.source) if place else ''}"


def _computed(place: Place | None, name: str, seconds: float, locate: Locate, importing: bool) -> str:
    did = f"{name} used more than {_seconds(seconds)} of processor time"
    if importing:
        did += " while it was imported"
    advice = _EXPERIMENTS if importing else "Look for a loop that never ends, or for work that grows with every step."
    if place is None:
        return f"{did}. {advice}"
    if place.loop is None:
        return f"{did} and was stopped on {locate(place.line)}. {advice}{_quoted(place.source)}"
    return f"{did} and was stopped in the loop on {locate(place.loop)}. {advice}{_quoted(place.loop_source)}"


def _seconds(number: float) -> str:
    return "1 second" if number == 1 else f"{number:g} seconds"


def _quoted(source: str) -> str:
    return f"\n    {source}" if source else ""
