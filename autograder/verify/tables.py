"""The tables beside a solution, ``trivial.toml`` and ``promises.toml``: read strictly, faults said with their line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TypeVar

import msgspec

from autograder.assignment import read_toml, toml_line
from autograder.errors import AssignmentError

Table = TypeVar("Table", bound=msgspec.Struct)


def read_table(path: Path, kind: type[Table]) -> tuple[Table, str]:
    """What the file says, and its text; an AssignmentError with file and line where it says anything else."""
    raw, text = read_toml(path)
    try:
        return msgspec.convert(raw, kind), text
    except msgspec.ValidationError as error:
        line = _line(str(error), text)
        raise AssignmentError(f"{path}{f', line {line}' if line else ''}: {error}") from None


def _line(said: str, text: str) -> int | None:
    """Which line msgspec means; None where its words name none."""
    field = re.search(r"field `(\w+)`", said)
    entry = re.search(r"\$\.(\w+)\[(\d+)\](?:\.(\w+))?", said)
    if entry:
        return toml_line(text, int(entry[2]), entry[3] or (field[1] if field else "says"), entry[1])
    known = field or re.search(r"\$\.(\w+)", said)
    rows = enumerate(text.splitlines(), start=1)
    return next((number for number, row in rows if known and re.match(rf"\s*\[*\s*{known[1]}\b", row)), None)
