"""Zip archives, read in memory and never unpacked to the disk. Odd ones are refused, not repaired."""

from __future__ import annotations

import re
import stat
import struct
import zipfile
import zlib
from typing import IO

from autograder.errors import SubmissionError
from autograder.notebook.text import printable
from autograder.submission.types import MEGABYTE, Entry, too_large

MAX_ENTRIES = 1000
MAX_PATH, MAX_NAME = 1000, 255
MAX_UNPACKED = 200 * MEGABYTE
_ENTRY = b"PK\x01\x02"
BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
    OSError,
)
"""What Python's zipfile raises for damaged or unusual archives."""
_AGAIN = "Zip your files again with your system's own tool, or hand in the module itself."


def open_archive(stream: IO[bytes], shown: str, max_entries: int = MAX_ENTRIES) -> zipfile.ZipFile:
    """The opened archive; SubmissionError for what is no archive or has more entries than allowed."""
    # Python makes an object of every entry while it opens an archive, so they are counted before that.
    if _count(stream, _ENTRY, max_entries) > max_entries:
        raise SubmissionError(f"{shown} holds more than {max_entries:,} files. Hand in your module only.")
    try:
        return zipfile.ZipFile(stream)
    except BROKEN:
        raise SubmissionError(f"{shown} is named .zip but is not a readable zip archive. {_AGAIN}") from None


def _count(stream: IO[bytes], wanted: bytes, enough: int) -> int:
    """How often ``wanted`` occurs; stops soon after ``enough``."""
    count, tail = 0, b""
    stream.seek(0)
    while count <= enough and (chunk := stream.read(MEGABYTE)):
        block = tail + chunk
        count += block.count(wanted)
        tail = block[-len(wanted) + 1 :]
    return count


def is_file(info: zipfile.ZipInfo) -> bool:
    """Whether the entry is a file with a name. ``ZipInfo.is_dir`` itself fails on an empty name."""
    return info.filename != "" and not info.filename.endswith("/")


class ArchiveTree:
    """A student's archive, or one student's part of the archive of a whole class.

    ``trusted``: the archive comes from a platform, so only the entries that are read are looked at.
    """

    def __init__(
        self,
        archive: zipfile.ZipFile,
        shown: str,
        *,
        inside: str = "",
        members: tuple[str, ...] = (),
        trusted: bool = False,
    ) -> None:
        self._archive = archive
        self._shown = shown
        self._inside = inside
        self._members = members
        if not trusted:
            self._refuse_odd()

    def entries(self) -> list[Entry]:
        """The files below ``inside``, or ``members`` only."""
        found: dict[str, Entry] = {}
        for info in self._archive.infolist():
            name = info.filename
            if not is_file(info) or not name.startswith(self._inside):
                continue
            if self._members and name not in self._members:
                continue
            kind = stat.S_IFMT(info.external_attr >> 16)
            path = name[len(self._inside) :]
            found[path] = Entry(path, "link" if kind == stat.S_IFLNK else "file")
        return [found[path] for path in sorted(found)]

    def read(self, path: str, limit: int) -> bytes:
        """The unpacked bytes of one entry; never unpacks more than ``limit``, whatever the archive says."""
        name = self._inside + path
        same = [info for info in self._archive.infolist() if info.filename == name]
        shown = printable(path.rpartition("/")[2])
        if len(same) != 1:
            raise SubmissionError(f"{self._shown} holds {len(same)} files named {shown}. {_AGAIN}")
        info = same[0]
        if info.flag_bits & 0x1:
            raise SubmissionError(self._encrypted())
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise SubmissionError(f"{self._shown} is compressed by an unusual method. {_AGAIN}")
        if info.file_size > limit:
            raise SubmissionError(too_large(f"{shown} in {self._shown}", info.file_size, limit))
        try:
            with self._archive.open(info) as member:
                data = member.read(limit + 1)
        except BROKEN:
            raise SubmissionError(f"{self._shown} is damaged: {shown} cannot be unpacked. {_AGAIN}") from None
        if len(data) > limit:
            raise SubmissionError(too_large(f"{shown} in {self._shown}", len(data), limit))
        return data

    def read_start(self, path: str, limit: int) -> bytes:
        """The first bytes of one entry, for a look; SubmissionError where it cannot be unpacked."""
        try:
            with self._archive.open(self._inside + path) as member:
                return member.read(limit)
        except (*BROKEN, KeyError):
            raise SubmissionError(f"{self._shown} is damaged. {_AGAIN}") from None

    def _encrypted(self) -> str:
        return f"{self._shown} is protected by a password. Hand it in without one."

    def _refuse_odd(self) -> None:
        """Refuses what an honest zip tool does not make of one module."""
        infos = self._archive.infolist()
        if len(infos) > MAX_ENTRIES:
            raise SubmissionError(f"{self._shown} holds more than {MAX_ENTRIES:,} files. Hand in your module only.")
        for info in infos:
            name = info.orig_filename
            oddity = _odd_name(name)
            if oddity:
                raise SubmissionError(f"{self._shown} holds the name '{printable(name, 60)}', which {oddity}. {_AGAIN}")
            if info.flag_bits & 0x1:
                raise SubmissionError(self._encrypted())
            if stat.S_IFMT(info.external_attr >> 16) == stat.S_IFLNK:
                raise SubmissionError(
                    f"{self._shown} holds the symbolic link '{printable(name, 60)}'. Put in the file itself."
                )
        unpacked = sum(info.file_size for info in infos)
        if unpacked > MAX_UNPACKED:
            raise SubmissionError(
                f"{self._shown} would unpack to {unpacked / MEGABYTE:,.0f} MB; "
                f"at most {MAX_UNPACKED // MEGABYTE} MB are read. Hand in your module only."
            )


def _odd_name(name: str) -> str:
    """What is wrong with the name of an entry; empty when nothing is."""
    if not name:
        return "is empty"
    if len(name) > MAX_PATH or any(len(part) > MAX_NAME for part in name.split("/")):
        return "is longer than any file system allows"
    if "\0" in name:
        return "contains a NUL character"
    if "\\" in name:
        return "contains a backslash"
    if name.startswith("/") or re.match(r"[A-Za-z]:", name):
        return "is an absolute path"
    if ".." in name.split("/"):
        return "points out of the archive"
    return ""
