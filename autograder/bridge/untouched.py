"""Which of many objects have changed since they were last looked at, without touching one of them.

Comparing ten thousand names by what they stand for counts a reference to each, and in a fork every page that holds
such a count is copied for it first. So only the fixed part of a dict or a function is read, as the bytes that it is:
CPython counts the changes of a dict in it (PEP 509, until Python 3.13), and keeps there what a function runs.
"""

from __future__ import annotations

import ctypes
import functools
import gc
import sys
from collections.abc import Sequence
from types import FunctionType
from typing import Any

_BEGINNING = object.__basicsize__
"""Of every object: how many references there are to it, and its type."""


class Untouched:
    """Dicts, or functions, which live as long as this; where their Python does not tell, all may have changed."""

    def __init__(self, kind: type[dict[str, Any]] | type[FunctionType], objects: Sequence[object]) -> None:
        self._objects = objects
        self._size = kind.__basicsize__ - _BEGINNING
        part = ctypes.c_char * self._size
        self._parts = [part.from_address(id(one) + _BEGINNING) for one in objects] if _python_tells() else None
        self._seen = self._accepted = b"".join(self._parts or ())

    def changed(self) -> Sequence[int]:
        """The positions of those that may have changed since they were accepted."""
        if self._parts is None:
            return range(len(self._objects))
        now, before = b"".join(self._parts), self._accepted
        self._seen = now
        if now == before:
            return ()
        parts = (slice(start, start + self._size) for start in range(0, len(now), self._size))
        return [at for at, part in enumerate(parts) if now[part] != before[part]]

    def accept(self) -> None:
        """Takes all for unchanged that are as :meth:`changed` saw them: what happened since then is not overlooked."""
        self._accepted = self._seen


@functools.cache
def _python_tells() -> bool:
    """Whether the bytes show a value that takes the place of another one, as they do not from Python 3.14 on."""
    if sys.implementation.name != "cpython":
        return False
    names = {"name": 0}
    address, size = id(names) + _BEGINNING, dict.__basicsize__ - _BEGINNING
    before = ctypes.string_at(address, size)
    names["name"] = 1
    return ctypes.string_at(address, size) != before


def names_of(kind: type) -> dict[str, Any]:
    """The dict behind what ``vars`` shows of a class."""
    (names,) = gc.get_referents(vars(kind))
    return names  # type: ignore[no-any-return]
