"""What intake hands on, and the limits that it keeps."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from autograder.notebook.cells import CellMap

Kind = Literal["py", "ipynb"]

MEGABYTE = 2**20
MAX_BYTES = {".py": 2 * MEGABYTE, ".ipynb": 20 * MEGABYTE, ".zip": 50 * MEGABYTE}
IGNORED_FOLDERS = frozenset({"__MACOSX", "__pycache__", "node_modules", "venv", "env", "site-packages"})
IGNORED_FILES = frozenset({"conftest.py", "setup.py", "__init__.py", "submission_metadata.yml"})
BESIDE = frozenset(
    {"thumbs.db", "desktop.ini", "requirements.txt", "pytest.ini", "assignment.toml", "makefile", "license"}
)
"""Files that lie beside submissions, in lower case: no notice lists them."""


@dataclass(frozen=True)
class SubmissionFile:
    """Where one submission lies, and the name that it goes by. Nothing of it has been read yet."""

    name: str
    """Unique among the submissions found together, and safe as a file name."""
    path: Path
    members: tuple[str, ...] = ()
    """The files within the folder or archive ``path`` that are this submission; empty: all of them."""
    inside: str | None = None
    """The folder within the archive ``path``, ending in ``/``, for an archive that holds a whole class."""
    remarks: tuple[str, ...] = ()
    """What a person should know about how it was found."""


@dataclass(frozen=True)
class Submission:
    """One student's module, read and decoded."""

    name: str
    filename: str
    kind: Kind
    source: str
    """The text for ``compile``; of a notebook the code cells, each after a line ``# cell N``."""
    notes: tuple[str, ...]
    digest: str
    """SHA-256 of the kind and the bytes as they were handed in."""
    cell_map: CellMap | None = None
    remarks: tuple[str, ...] = ()
    """What the person who grades should know, in a few words each; the student is told by ``notes``."""


@dataclass(frozen=True)
class Entry:
    """One file in a folder or archive, by its path within it (``/`` between parts)."""

    path: str
    kind: Literal["file", "link", "other"] = "file"


class Tree(Protocol):
    """A folder or an archive, seen the same way."""

    def entries(self) -> list[Entry]:
        """Every file that may be looked at, sorted by path."""
        ...

    def read(self, path: str, limit: int) -> bytes:
        """The bytes of one entry; SubmissionError when there are more than ``limit``."""
        ...


def is_ignored(path: str) -> bool:
    """Whether a file is no student's module: hidden, a cache, a test, or a file of a packaging tool."""
    *folders, name = path.split("/")
    if any(folder.startswith(".") or folder in IGNORED_FOLDERS for folder in folders):
        return True
    is_test = name.endswith(".py") and (name.startswith("test_") or name.endswith("_test.py"))
    return name.startswith((".", "~$")) or name in IGNORED_FILES or is_test


def is_beside(name: str) -> bool:
    """Whether a file of a class's folder is nobody's submission: a tool's, a system's or a course's own."""
    lowered = name.lower()
    return is_ignored(name) or lowered in BESIDE or lowered.startswith("readme") or lowered.endswith(".pyc")


def suffix(path: str) -> str:
    """The lower-case ending of a file name with its dot."""
    name = path.rpartition("/")[2]
    return f".{name.rpartition('.')[2].lower()}" if "." in name.lstrip(".") else ""


def stem(path: str) -> str:
    """The file name without folder and ending."""
    name = path.rpartition("/")[2]
    return name.rpartition(".")[0] if suffix(path) else name


def too_large(shown: str, size: int, limit: int) -> str:
    """The sentence for a file beyond its limit."""
    return (
        f"{shown} is {size / MEGABYTE:.0f} MB; at most {limit // MEGABYTE} MB are read. "
        "Hand in your code only, without data and outputs."
    )
