"""What an author is told of a fault in a check: where, and Python's own words on one line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from types import TracebackType

import pytest

from autograder.blame.calls import Call
from autograder.blame.places import Places
from autograder.errors import AutograderError

_MOST_SAID = 300


def described(error: BaseException) -> str:
    """The exception as one line: ``NameError: name 'expectd' is not defined``."""
    if isinstance(error, pytest.FixtureLookupError):
        return _no_fixture(error)
    text = str(error.msg if isinstance(error, SyntaxError) else error).strip()
    said = text.split("\n", 1)[0][:_MOST_SAID]
    if isinstance(error, SystemExit):
        return "the check called exit()"
    if isinstance(error, pytest.fail.Exception):
        return " ".join(text.split())[:_MOST_SAID]  # pytest's own, such as a mismatch of scopes
    if isinstance(error, AutograderError):
        return said  # whole sentences, with a class that says nothing to a reader
    name = type(error).__name__
    return f"{name}: {said}" if said else name


def _no_fixture(error: pytest.FixtureLookupError) -> str:
    said = error.formatrepr().errorstring.strip()
    known = re.search(r"available fixtures: (.*)", said)
    near = difflib.get_close_matches(str(error.argname), known[1].split(", ") if known else [], n=1)
    return said.split("\n", 1)[0].strip() + (f"; did you mean `{near[0]}`?" if near else "")


def place_of(item: pytest.Item) -> str:
    """Where a check stands: ``test_hidden.py, line 41``."""
    return f"{item.path.name}, line {(item.location[1] or 0) + 1}"


def collection_fault(node: pytest.Item | pytest.Collector, error: BaseException, places: Places) -> str:
    """Why a test file has no checks to run, with its line."""
    cause = error.__cause__ or error
    if isinstance(cause, SyntaxError) and cause.filename:
        return f"{cause.filename}, line {cause.lineno}: {described(cause)}"
    place = places.of(cause)
    if not place and (named := re.search(r"\btest_\w+(?=:|\()", str(cause).replace("test_hidden.py", ""))):
        place = _defined(node, named[0])
    said = re.sub(r"^In \S+::", "", described(cause))
    return f"{node.path.parent / place}: {said}" if place else f"{node.path}: {said}"


def reads_output(traceback: TracebackType | None) -> bool:
    """Whether code on the way to the exception looks at what a submission printed."""
    while traceback is not None:
        if "output" in traceback.tb_frame.f_code.co_names:
            return True
        traceback = traceback.tb_next
    return False


def open_question(fault: str, calls: Sequence[Call]) -> str:
    """What a student reads on their own machine, where no reference can tell whose fault it is."""
    returned = f" `{calls[-1].title}` returned {calls[-1].answer.words}." if calls else ""
    return (
        f"The check stopped: {fault}.{returned} Check the number, order and types of the returned values; if they are "
        "what the task asks for, the check itself may be wrong: tell your instructor."
    )


def _defined(node: pytest.Item | pytest.Collector, function: str) -> str:
    for number, line in enumerate(node.path.read_text(encoding="utf-8").splitlines(), start=1):
        if re.match(rf"\s*(async\s+)?def {function}\b", line):
            return f"{node.path.name}, line {number}"
    return ""
