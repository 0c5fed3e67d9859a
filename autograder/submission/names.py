"""Students' names out of file and folder names, and what the learning platforms make of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from autograder.submission.types import SubmissionFile

_CANVAS = re.compile(r"(?P<name>[^_/]+)_(?:late_)?(?P<user>\d+)_(?P<upload>\d+)_(?P<file>.+)", re.IGNORECASE)
_MOODLE = re.compile(r"(?P<name>.+?)_(?P<user>\d+)_assignsubmission_(?P<part>file|onlinetext)_?")
_MAX_NAME = 120  # bytes: room for an ending below the 255 of most file systems


@dataclass(frozen=True)
class CanvasName:
    """The parts of a file name of Canvas: ``doejane_12345_67890_work-1.py``."""

    name: str
    user: str
    upload: str
    file: str
    """The student's own file name, without the number that Canvas adds to later attempts."""


def canvas_name(filename: str) -> CanvasName | None:
    """The parts of a Canvas file name, or None for any other."""
    match = _CANVAS.fullmatch(filename)
    if match is None:
        return None
    return CanvasName(match["name"], match["user"], match["upload"], re.sub(r"-\d+(?=\.\w+$)", "", match["file"]))


def moodle_name(folder: str) -> str | None:
    """The student of a Moodle folder; empty for a folder without files; None for any other."""
    match = _MOODLE.fullmatch(folder)
    if match is None:
        return None
    return match["name"] if match["part"] == "file" else ""


def safe_name(text: str) -> str:
    """``text`` as a file name on every system, and harmless in a terminal, a page and a spreadsheet."""
    text = unicodedata.normalize("NFC", text)
    text = "".join(" " if char.isspace() else char for char in text)
    text = "".join(char for char in text if not unicodedata.category(char).startswith("C"))
    text = re.sub(r'[/\\:*?"<>|`]', "_", " ".join(text.split()))
    text = text.lstrip("=+-@~. ").encode("utf-8")[:_MAX_NAME].decode("utf-8", "ignore").rstrip(". ")
    return text or "submission"


def unique_names(found: Iterable[SubmissionFile]) -> list[SubmissionFile]:
    """The submissions with safe names; the second of a name gets ``-2``, the third ``-3``."""
    files = list(found)
    used: set[str] = set()
    result: list[SubmissionFile] = []
    taken = {safe_name(file.name).casefold() for file in files}
    for file in files:
        name = base = safe_name(file.name)
        number = 1
        while name.casefold() in used or (number > 1 and name.casefold() in taken):
            number += 1
            name = f"{base}-{number}"
        used.add(name.casefold())
        remarks = (*file.remarks, f"there is more than one submission named {base}") if number > 1 else file.remarks
        result.append(replace(file, name=name, remarks=remarks))
    return result
