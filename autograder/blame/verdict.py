"""From an exception in a check's own code to whose fault it is, on evidence.

Some exceptions are the author's whatever came back: a name, a fixture or an import that does not exist, an attribute
that a module lacks. For all others the submission's answers are compared with those that the reference gave to the same
check. Where they are made alike (types, lengths, shapes, keys), the check has to live with them, and the fault is the
author's. Where they are not, the student reads which answer it was.
"""

from __future__ import annotations

import inspect
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import ModuleType

import pytest

from autograder.blame.calls import Call
from autograder.blame.structure import Difference, differences
from autograder.bridge.handle import Handle
from autograder.errors import AssignmentError

_AUTHORS = (AssignmentError, NameError, ImportError, SyntaxError, SystemExit, pytest.FixtureLookupError)
_MOST_TOLD = 2


@dataclass(frozen=True)
class Trip:
    """A check that stopped in its own code, and what the submission had answered it until then."""

    said: str
    """Python's message."""
    calls: tuple[Call, ...]
    reads_output: bool
    """Whether the code that stopped looks at what was printed."""


def is_the_authors(error: BaseException) -> bool:
    """Whether no answer of a submission can be the reason."""
    if isinstance(error, _AUTHORS):
        return True
    if not isinstance(error, AttributeError):
        return False
    owner = getattr(error, "obj", None)
    if isinstance(owner, Handle):
        return False  # an object of the submission
    ours = type(owner).__module__.split(".")[0] == "autograder"
    return ours or isinstance(owner, (ModuleType, type)) or inspect.isroutine(owner)


def students_fault(trip: Trip, right: Sequence[Call] | None) -> str:
    """What the submission returned that has another structure than the reference's answer; "" where nothing has.

    ``right``: what the reference answered the same check, None where the check stops on the reference as well.
    """
    if right is None:
        return ""
    told = list(dict.fromkeys(_sentences(trip, right)))[:_MOST_TOLD]
    return "\n".join([*told, "So this check could not go on."]) if told else ""


def _sentences(trip: Trip, right: Sequence[Call]) -> Iterator[str]:
    for got, wanted in _paired(trip.calls, right):
        for found in differences(got.answer, wanted.answer):
            if not found.marks or _mentions(trip.said, found.marks):
                yield _sentence(got.title, found)
                break
        else:
            if trip.reads_output and got.printed != wanted.printed:
                yield f"`{got.title}` should print its text in another form."


def _paired(calls: Sequence[Call], right: Sequence[Call]) -> Iterator[tuple[Call, Call]]:
    """The n-th answer of a function with the reference's n-th one: a check may ask other things in another order."""
    theirs: dict[str, list[Call]] = defaultdict(list)
    for call in right:
        theirs[call.asked].append(call)
    asked: dict[str, int] = defaultdict(int)
    for call in calls:
        number = asked[call.asked]
        asked[call.asked] += 1
        if number < len(theirs[call.asked]):
            yield call, theirs[call.asked][number]


def _sentence(title: str, found: Difference) -> str:
    if "backward pass" in found.got and "backward pass" in found.wanted:
        were = "was" if found.wanted.startswith("1 ") else "were"
        return f"`{title}` made {found.got}, where {found.wanted} {were} asked for."
    if not found.place:
        return f"`{title}` returned {found.got}, where {found.wanted} was asked for."
    return f"In the result of `{title}`, {found.place} is {found.got}, where {found.wanted} was asked for."


def _mentions(said: str, marks: Sequence[str]) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(mark)}(?!\w)", said) for mark in marks if mark)
