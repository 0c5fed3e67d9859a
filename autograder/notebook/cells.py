"""Where the code cells of a notebook lie in the one text that they are joined into.

Imported by the worker too, so it needs the standard library only.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

_MARKER = "# cell "


@dataclass(frozen=True)
class CellMap:
    """Lines of the joined source to places in the notebook. ``starts``: first line of code cell 1, 2, …"""

    starts: tuple[int, ...] = ()

    @classmethod
    def of_source(cls, source: str) -> CellMap:
        """The map that the ``# cell N`` lines of ``source`` draw; empty for an ordinary module."""
        starts: list[int] = []
        for number, line in enumerate(source.split("\n"), start=1):
            if line == f"{_MARKER}{len(starts) + 1}":
                starts.append(number + 1)
        return cls(tuple(starts))

    def locate(self, line: int) -> tuple[int, int] | None:
        """(Code cell, line within it), both counted from 1; None where the line is in no cell."""
        cell = bisect_right(self.starts, line)
        return (cell, line - self.starts[cell - 1] + 1) if cell else None

    def describe(self, line: int) -> str:
        """``code cell 3, line 5``, or ``line 5`` where the source has no cells."""
        place = self.locate(line)
        return f"code cell {place[0]}, line {place[1]}" if place else f"line {line}"


@dataclass(frozen=True)
class NotebookText:
    """The code cells of a notebook as one text, each after a line ``# cell N``."""

    source: str
    cells: CellMap
    notes: tuple[str, ...] = ()


def join_cells(texts: Iterable[str]) -> tuple[str, CellMap]:
    """One text of all cells, and the map back. A line of a student that looks like a marker gets a space."""
    lines: list[str] = []
    starts: list[int] = []
    for number, text in enumerate(texts, start=1):
        lines.append(f"{_MARKER}{number}")
        starts.append(len(lines) + 1)
        lines.extend(f"{line} " if line.startswith(_MARKER) else line for line in text.split("\n"))
    return "\n".join(lines) + ("\n" if lines else ""), CellMap(tuple(starts))


def split_cells(source: str) -> list[tuple[int, str]]:
    """(First line, text) of every cell; the whole source from line 1 where it has no cells."""
    starts = CellMap.of_source(source).starts
    if not starts:
        return [(1, source)]
    lines = source.split("\n")
    ends = [start - 2 for start in starts[1:]] + [len(lines)]
    return [(start, "\n".join(lines[start - 1 : end])) for start, end in zip(starts, ends, strict=True)]
