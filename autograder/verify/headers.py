"""What a sample submission says of itself: the header comment of ``wrong/*.py`` and ``right/*.py``."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import AssignmentError

_LINE = re.compile(r"#\s*(?P<key>[A-Za-z]+)\s*:\s*(?P<value>.*)")
_KEYS = ("fault", "right", "fails", "hygiene")
_CODE = re.compile(r"GH\d{3}")


@dataclass(frozen=True)
class Header:
    """A sample's expected verdict."""

    summary: str
    fails: tuple[str, ...] = ()
    """Names of checks; ``name`` means all its cases, ``name[case]`` just that one."""
    hygiene: tuple[str, ...] = ()
    """Codes of the hygiene rules that fire."""
    lines: dict[str, int] = field(default_factory=dict, compare=False)
    """Where each key stands."""

    def expects_failure(self, check: str) -> bool:
        """Whether the check of that name (with its case) is expected to fail."""
        return check in self.fails or check.split("[", 1)[0] in self.fails


def read_header(path: Path) -> Header:
    """The header of a sample; an AssignmentError with the line where it does not say what the folder asks for."""
    found, lines = _entries(path)
    summary = found.get("fault") or found.get("right")
    if summary is None:
        raise AssignmentError(
            f"{path}, line 1: the first lines must be `# Fault: …` and `# fails: …`, or `# Right: …`."
        )
    header = Header(summary, _names(found.get("fails", "")), _names(found.get("hygiene", "")), lines)
    if "fault" in found and not header.fails:
        line = lines.get("fails", lines["fault"])
        raise AssignmentError(
            f"{path}, line {line}: a faulty sample needs `# fails:` with the names of the checks it fails."
        )
    for problem in _contradictions(path, header):
        raise AssignmentError(problem)
    return header


def _entries(path: Path) -> tuple[dict[str, str], dict[str, int]]:
    found: dict[str, str] = {}
    lines: dict[str, int] = {}
    key = ""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise AssignmentError(f"{path} cannot be read: {error}.") from None
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.startswith("#"):
            break
        match = _LINE.match(line)
        if match:
            key = match["key"].lower()
            near = difflib.get_close_matches(key, _KEYS, n=1)
            if near and key not in _KEYS:
                raise AssignmentError(
                    f"{path}, line {number}: `# {match['key']}:` is no key; did you mean {near[0]!r}?"
                )
            if key in lines:
                raise AssignmentError(f"{path}, line {number}: `# {match['key']}:` stands on line {lines[key]}, too.")
            found[key] = match["value"].strip()
            lines[key] = number
        elif key:
            found[key] += " " + line.lstrip("#").strip()
    return found, lines


def _contradictions(path: Path, header: Header) -> Iterator[str]:
    wanted = {"wrong": "fault", "right": "right"}.get(path.parent.name)
    if wanted and wanted not in header.lines:
        line = next(iter(header.lines.values()))
        yield f"{path}, line {line}: a sample in {path.parent.name}/ begins with `# {wanted.capitalize()}: …`."
    for code in header.hygiene:
        if not _CODE.fullmatch(code):
            yield f"{path}, line {header.lines['hygiene']}: {code!r} is no code of a hygiene rule, such as GH101."


def _names(text: str) -> tuple[str, ...]:
    """The comma-separated names, where commas inside brackets belong to a case."""
    return tuple(part.strip() for part in re.split(r",(?![^\[]*\])", text) if part.strip())
