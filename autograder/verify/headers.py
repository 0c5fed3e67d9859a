"""What a sample submission says of itself: the header comment of ``wrong/*.py`` and ``right/*.py``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import AssignmentError

_LINE = re.compile(r"#\s*(?P<key>[A-Za-z]+)\s*:\s*(?P<value>.*)")


@dataclass(frozen=True)
class Header:
    """A sample's expected verdict."""

    summary: str
    fails: tuple[str, ...] = ()
    """Names of checks; ``name`` means all its cases, ``name[case]`` just that one."""
    hygiene: tuple[str, ...] = ()
    """Codes of the hygiene rules that fire."""

    def expects_failure(self, check: str) -> bool:
        """Whether the check of that name (with its case) is expected to fail."""
        return check in self.fails or check.split("[", 1)[0] in self.fails


def read_header(path: Path) -> Header:
    """The header of a sample; an AssignmentError where it says nothing of what fails."""
    found: dict[str, str] = {}
    key = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            break
        match = _LINE.match(line)
        if match:
            key = match["key"].lower()
            found[key] = match["value"].strip()
        elif key:
            found[key] += " " + line.lstrip("#").strip()
    summary = found.get("fault") or found.get("right")
    if summary is None:
        raise AssignmentError(f"{path}: the first lines must be `# Fault: …` and `# fails: …`, or `# Right: …`.")
    header = Header(summary, _names(found.get("fails", "")), _names(found.get("hygiene", "")))
    if "fault" in found and not header.fails:
        raise AssignmentError(f"{path}: a faulty sample needs `# fails:` with the names of the checks it fails.")
    return header


def _names(text: str) -> tuple[str, ...]:
    """The comma-separated names, where commas inside brackets belong to a case."""
    return tuple(part.strip() for part in re.split(r",(?![^\[]*\])", text) if part.strip())
