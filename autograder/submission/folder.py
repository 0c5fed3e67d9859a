"""Files and folders on the disk, opened with suspicion: no links, no devices, no surprises in size."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Literal

from autograder.errors import SubmissionError
from autograder.notebook.text import printable
from autograder.submission.types import IGNORED_FOLDERS, Entry, too_large

_MAX_ENTRIES = 10_000
_MAX_DEPTH = 8
LINK = "is a symbolic link, and links are not followed. Hand in the file itself."
NOT_A_FILE = "is not an ordinary file, so it was not opened."


def status(path: Path, shown: str) -> os.stat_result:
    """``lstat``, with a sentence for what cannot be looked at."""
    try:
        return os.lstat(path)
    except (OSError, ValueError) as error:
        raise SubmissionError(f"{shown} cannot be read: {reason(error)}.") from None


def read_file(path: Path, limit: int, shown: str) -> bytes:
    """The bytes of an ordinary file of at most ``limit`` bytes; refused by its size without reading it."""
    data = read_start(path, limit + 1, shown, at_most=limit)
    if len(data) > limit:
        raise SubmissionError(too_large(shown, len(data), limit))
    return data


def read_start(path: Path, count: int, shown: str, *, at_most: int | None = None) -> bytes:
    """The first ``count`` bytes of an ordinary file; refused where it has more than ``at_most``."""
    mode = status(path, shown).st_mode
    if stat.S_ISLNK(mode):
        raise SubmissionError(f"{shown} {LINK}")
    if not stat.S_ISREG(mode):  # before opening: opening some devices has effects
        raise SubmissionError(f"{shown} {NOT_A_FILE}")
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags)
        with open(descriptor, "rb") as stream:
            now = os.fstat(descriptor)
            if not stat.S_ISREG(now.st_mode):
                raise SubmissionError(f"{shown} {NOT_A_FILE}")
            if at_most is not None and now.st_size > at_most:
                raise SubmissionError(too_large(shown, now.st_size, at_most))
            return stream.read(count)
    except OSError as error:
        raise SubmissionError(f"{shown} cannot be read: {reason(error)}.") from None


def reason(error: Exception) -> str:
    """Why the system refused, in lower case and without the path."""
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return str(text)[:1].lower() + str(text)[1:]


class FolderTree:
    """A student's folder: every file below it, links named but never followed."""

    def __init__(self, path: Path, shown: str, members: tuple[str, ...] = ()) -> None:
        self._path = path
        self._shown = shown
        self._members = members

    def entries(self) -> list[Entry]:
        """The files of the folder, or those of ``members`` only."""
        found: list[Entry] = []
        if self._members:
            for name in self._members:
                mode = status(self._path / name, printable(name)).st_mode
                found.append(Entry(name, "file" if stat.S_ISREG(mode) else "link" if stat.S_ISLNK(mode) else "other"))
            return found
        pending = [(self._path, "", 0)]
        seen = 0
        while pending:
            folder, prefix, depth = pending.pop()
            try:
                with os.scandir(folder) as scan:
                    for item in scan:
                        seen += 1
                        if seen > _MAX_ENTRIES:
                            raise SubmissionError(
                                f"{self._shown} holds more than {_MAX_ENTRIES:,} files. Hand in your module only."
                            )
                        kind = _kind(item)
                        if kind != "folder":
                            found.append(Entry(prefix + item.name, kind))
                        elif depth < _MAX_DEPTH and not item.name.startswith(".") and item.name not in IGNORED_FOLDERS:
                            pending.append((Path(item.path), f"{prefix}{item.name}/", depth + 1))
            except OSError as error:
                raise SubmissionError(f"{self._shown} cannot be read: {reason(error)}.") from None
        return sorted(found, key=lambda entry: entry.path)

    def read(self, path: str, limit: int) -> bytes:
        """The bytes of one file of the folder."""
        return read_file(self._path / path, limit, printable(path.rpartition("/")[2]))


def _kind(item: os.DirEntry[str]) -> Literal["file", "link", "other", "folder"]:
    if item.is_symlink():
        return "link"
    if item.is_dir(follow_symlinks=False):
        return "folder"
    return "file" if item.is_file(follow_symlinks=False) else "other"
