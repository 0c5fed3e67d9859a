"""On which line of an ``assignment.toml`` something stands."""

from __future__ import annotations

import re


def toml_line(text: str, index: int, key: str, table: str = "tasks") -> int | None:
    """The line of a key in the ``index``-th ``[[tasks]]``, or another array of tables, else where that begins."""
    seen, begins = -1, None
    for number, line in enumerate(text.splitlines(), start=1):
        if line.lstrip().startswith("["):
            if seen == index and re.match(r"\s*\[+\s*[A-Za-z_\"']", line):
                break
            if re.match(rf"\s*\[\[\s*[\"']?{table}[\"']?\s*\]\]", line):
                seen += 1
                begins = number if seen == index else begins
        elif seen == index and re.match(rf"\s*[\"']?{key}[\"']?\s*=", line):
            return number
    return begins


def key_line(text: str, section: str, key: str) -> int | None:
    """The line of a key in the table ``[section]``, however it is written there; None where it is not found."""
    whole = [*section.split("."), key] if section else [key]
    header: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        table = re.match(r"\s*\[+\s*([^\]]+?)\s*\]", line)
        if table:
            header = _parts(table[1])
            continue
        before, equals, after = line.partition("=")
        path = header + _parts(before)
        if equals and path == whole:
            return number
        # deductions = { GH101 = 2 }
        if equals and path == whole[: len(path)] and re.search(rf"[{{,]\s*[\"']?{re.escape(key)}[\"']?\s*=", after):
            return number
    return None


def _parts(dotted: str) -> list[str]:
    return [part.strip("\"'") for part in re.findall(r"\"[^\"]*\"|'[^']*'|[^.\s]+", dotted)]
