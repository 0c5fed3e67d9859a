"""Which functions know something about which exceptions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from autograder.bridge.advice.scene import Scene

MAX_TEXT = 400
PLACE = "{place}"
"""Stands in an advice for its line: only the judge knows how lines of a notebook are called."""


class Advice(NamedTuple):
    """One sentence for the student."""

    text: str
    line: int | None = None
    """The line that :data:`PLACE` in the text stands for."""


NOTHING = Advice("")
Adviser = Callable[[Scene], "Advice | str"]
_ADVISERS: list[tuple[tuple[str, ...], Adviser]] = []


def advises(*kinds: str) -> Callable[[Adviser], Adviser]:
    """Registers a function for exceptions of these class names, subclasses included."""

    def register(adviser: Adviser) -> Adviser:
        _ADVISERS.append((kinds, adviser))
        return adviser

    return register


def advisers(kind: type[BaseException]) -> Iterator[Adviser]:
    """The functions to ask about an exception of that class."""
    names = {base.__name__ for base in kind.__mro__}
    return (adviser for kinds, adviser in _ADVISERS if names & set(kinds))
