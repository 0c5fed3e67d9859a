"""Where in the student's code a call was when its time was over: a line, and the loop around it.

The worker is asked for it by a signal and answers on its line to the judge, from the middle of the student's code; the
judge ends it in any case. What it answers is text from a student like any other.
"""

from __future__ import annotations

import ast
import linecache
import signal
from collections.abc import Callable, Collection, Iterator
from types import FrameType
from typing import Annotated

import msgspec

WHERE_ARE_YOU = getattr(signal, "SIGVTALRM", None)
"""A signal that hardly any program uses; None on systems without signals."""
_LONGEST = 200
_Line = Annotated[int, msgspec.Meta(ge=1, le=10_000_000)]
_Source = Annotated[str, msgspec.Meta(max_length=_LONGEST)]


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="place"):
    """A line of the student's, and the line at which the loop begins that it is in."""

    line: _Line
    source: _Source = ""
    loop: _Line | None = None
    loop_source: _Source = ""


def place_of(frame: FrameType | None, files: Collection[str]) -> Place | None:
    """The place of the innermost of the student's frames; None where none is running."""
    own = [one for one in frames_from(frame) if one.f_code.co_filename in files]
    if not own:
        return None
    here = own[0]
    name, line = here.f_code.co_filename, here.f_lineno
    for one in own:  # a function without a loop is called by one that has it
        loop = _loop_around(one.f_code.co_filename, one.f_lineno)
        if loop is not None:
            return Place(line, _text(name, line), loop, _text(one.f_code.co_filename, loop))
    return Place(line, _text(name, line))


def frames_from(frame: FrameType | None) -> Iterator[FrameType]:
    """The frame, then its callers."""
    while frame is not None:
        yield frame
        frame = frame.f_back


def tell_when_asked(files: Callable[[], Collection[str]], write: Callable[[bytes], object]) -> None:
    """From now on, the signal has this process write its place; nothing where none of the student's code runs."""

    def tell(number: int, frame: FrameType | None) -> None:
        try:
            place = place_of(frame, files())
            if place is not None:  # otherwise an answer may be on its way: nothing may get in between
                write(msgspec.msgpack.encode(place))
        except BaseException:  # it is the student's stack that is deep, or memory that is full  # noqa: BLE001
            return

    if WHERE_ARE_YOU is not None:
        signal.signal(WHERE_ARE_YOU, tell)


def read_place(frame: bytes) -> Place | None:
    """The place that a worker wrote; None for any other message."""
    try:
        return msgspec.msgpack.decode(frame, type=Place)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def _loop_around(filename: str, line: int) -> int | None:
    """The first line of the ``while`` loop around a line of a function, else of the ``for`` loop."""
    try:
        tree = ast.parse("".join(linecache.getlines(filename)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    loops: list[tuple[bool, int]] = []
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.match_case):
                pending.append(child)  # it has no line of its own, what is in it has
            if not isinstance(child, ast.stmt | ast.ExceptHandler):
                continue
            if child.lineno <= line <= (child.end_lineno or child.lineno):
                if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                    loops.clear()  # the loop that defines a function does not run it
                elif isinstance(child, ast.While | ast.For | ast.AsyncFor):
                    loops.append((isinstance(child, ast.While), child.lineno))
                pending.append(child)
    # The innermost; but a `for` ends by itself, most of the time.
    return max(loops)[1] if loops else None


def _text(filename: str, line: int) -> str:
    return linecache.getline(filename, line).strip()[:_LONGEST].encode("utf-8", "replace").decode("utf-8")
