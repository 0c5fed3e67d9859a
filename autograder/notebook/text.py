"""Text from bytes of unknown origin: what students' editors really save."""

from __future__ import annotations

import codecs
import contextlib
import re
from dataclasses import dataclass

from autograder.errors import SubmissionError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its first two bytes are UTF-16's mark
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]{1,40})")
# Python has codecs that are no character sets (zlib, rot13, …), so only these families are believed.
_CHARSETS = ("utf-8", "ascii", "iso8859", "cp", "mac-", "koi8", "gb", "big5", "shift_jis", "euc_", "tis-620")


@dataclass(frozen=True)
class Decoded:
    """Text with ``\\n`` line ends, and what had to be guessed."""

    text: str
    notes: tuple[str, ...] = ()


def decode_text(data: bytes, *, shown: str = "Your file", cookie: bool = True) -> Decoded:
    """The text of ``data``: byte order mark, coding cookie, UTF-8, and at last Latin-1 with a note.

    Raises SubmissionError for what is no text.
    """
    text, notes = _decode(data, shown, cookie)
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise SubmissionError(
            f"{shown} contains NUL bytes (the first on line {line}), so it is not a text file. "
            "Save it again as plain text in UTF-8."
        )
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    return Decoded(text, notes)


def printable(text: str, limit: int = 80) -> str:
    """``text`` on one line without control characters, at most ``limit`` long: safe inside a message."""
    clean = "".join(char if char.isprintable() else "?" for char in text[: limit + 1])
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"


def _decode(data: bytes, shown: str, cookie: bool) -> tuple[str, tuple[str, ...]]:
    for mark, name in _BOMS:
        if data.startswith(mark):
            try:
                text = data[len(mark) :].decode(name)
            except UnicodeDecodeError as error:
                if name == "utf-8":
                    break
                raise SubmissionError(
                    f"{shown} begins like {name[:6].upper()} text but is damaged at byte "
                    f"{error.start + len(mark)}. Save it again as UTF-8."
                ) from None
            if name == "utf-8":
                return text, ()
            return text, (f"{shown} is saved as {name[:6].upper()} and was read as that. Please save it as UTF-8.",)
    declared = _declared(data) if cookie else None
    if declared is not None:
        try:
            return data.decode(declared), ()
        except UnicodeDecodeError:
            pass
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        found = f"byte 0x{data[error.start]:02X} on line {data.count(bytes([10]), 0, error.start) + 1}"
    name, text = "Latin-1", data.decode("latin-1")
    if re.search("[\x80-\x9f]", text):
        with contextlib.suppress(UnicodeDecodeError):
            name, text = "Windows-1252", data.decode("cp1252")
    note = f"{shown} is not UTF-8 ({found}), so it was read as {name}. Please save it as UTF-8."
    return text, (note,)


def _declared(data: bytes) -> str | None:
    """The codec of a coding cookie in the first two lines, if it is a character set that Python knows."""
    for line in re.split(rb"\r\n|\r|\n", data[:2000])[:2]:
        match = _COOKIE.match(line)
        if match:
            try:
                name = codecs.lookup(match[1].decode("ascii")).name
            except (LookupError, ValueError):
                return None
            return name if name.startswith(_CHARSETS) else None
        if line.strip() and not line.lstrip().startswith(b"#"):
            return None
    return None
