"""Which variable of the student's keeps the graphs of earlier steps alive, and which line puts them there."""

from __future__ import annotations

import dis
import sys
from collections import deque
from types import CodeType, FrameType
from typing import Any

from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.recording.sources.flows import TENSORS
from autograder.hygiene.recording.student.variables import release
from autograder.hygiene.trace.events import Place

_FEW = 3
_ADDING = frozenset({"append", "extend", "insert", "appendleft", "add", "setdefault", "update"})


def holder_of_graphs(notes: Notes) -> tuple[str, Place] | None:
    """The container in the student's frames that holds several tensors with graphs, and where it grows."""
    frames = list(notes.files.frames(sys._getframe(1)))
    for frame in frames:
        variables = frame.f_locals
        paths = (_holding(name, value, 2) for name, value in list(variables.items()))
        path = next((path for path in paths if path is not None), None)
        release(variables, frame)
        if path is not None:
            name, _, key = path.split(".")[-1].partition("[")
            return path, _growing_line(notes, frames, name, key.rstrip("]"))
    return None


def _holding(name: str, value: Any, depth: int) -> str | None:
    if isinstance(value, (list, tuple, deque, set)):
        items: list[Any] = list(value)
        if _graphs(items):
            return name
    elif isinstance(value, dict):
        items = list(value.values())
        if _graphs(items):
            return name
        for key, item in list(value.items())[:64]:
            found = _holding(f"{name}[{key!r}]", item, depth - 1) if depth else None
            if found is not None:
                return found
    elif depth and hasattr(value, "__dict__") and not isinstance(value, type) and not callable(value):
        for key, item in list(vars(value).items())[:64]:
            found = _holding(f"{name}.{key}", item, depth - 1)
            if found is not None:
                return found
    return None


def _graphs(items: list[Any]) -> bool:
    count = 0
    for item in items:
        inner = item[0] if isinstance(item, tuple) and item else item
        if type(inner) in TENSORS and inner.grad_fn is not None:
            count += 1
    return count >= _FEW


def _growing_line(notes: Notes, frames: list[FrameType], name: str, key: str) -> Place:
    """The line in the running functions (and those defined next to them) that calls ``name.append`` or the like.

    With a ``key`` (as code has it), the one that calls ``name[key].append``.
    """
    for code in _codes(frames):
        file = notes.files.number(code.co_filename)
        line = 0
        previous: Any = None
        for instruction in dis.get_instructions(code):
            start = instruction.starts_line
            if isinstance(start, int) and not isinstance(start, bool) and start:
                line = start
            if previous == name and not key and instruction.argval in _ADDING and file >= 0:
                return Place(file, line)
            if instruction.opname != "COPY":
                previous = instruction.argval
        line = 0
        seen = keyed = False
        for instruction in dis.get_instructions(code):
            start = instruction.starts_line
            if isinstance(start, int) and not isinstance(start, bool) and start:
                line, seen, keyed = start, False, not key
            seen = seen or instruction.argval == name
            keyed = keyed or (seen and repr(instruction.argval) == key)
            if seen and keyed and instruction.argval in _ADDING and file >= 0:
                return Place(file, line)  # ``history["loss"].append``
            grows = instruction.opname == "STORE_SUBSCR" or (
                instruction.opname in ("BINARY_OP", "INPLACE_ADD") and instruction.argrepr in ("+=", "")
            )
            if seen and keyed and grows and file >= 0:
                return Place(file, line)
    return Place()


def _codes(frames: list[FrameType]) -> list[CodeType]:
    found: list[CodeType] = []
    for frame in frames:
        found.append(frame.f_code)
    for frame in frames:
        for value in list(frame.f_globals.values()):
            if getattr(value, "__module__", None) != frame.f_globals.get("__name__"):
                continue
            if isinstance(value, type):
                parts = list(vars(value).values())
            else:
                parts = [value]
            found += [part.__code__ for part in parts if hasattr(part, "__code__")]
    return list({id(code): code for code in found}.values())
