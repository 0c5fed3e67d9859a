"""File names made from the names of submissions, which are untrusted."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable

LIMIT = 120

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}


def safe_file_name(name: str) -> str:
    """The name itself where it is harmless on every file system, else a readable part of it and a hash.

    ASCII letters, digits, ``.``, ``_`` and ``-`` only; never empty, no separator, no leading dot or dash,
    at most 120 characters, not a device name of Windows. Equal names give equal results; different names
    differ (through the hash), except in upper and lower case: see :func:`unique_file_names`.
    """
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    safe = _UNSAFE.sub("_", ascii_only).lstrip("._-").rstrip("._")
    if safe and safe == name and len(safe) <= LIMIT and safe.split(".")[0].lower() not in _DEVICES:
        return safe
    readable = safe[: LIMIT - 16].rstrip("._-") or "submission"
    if readable.split(".")[0].lower() in _DEVICES:
        readable = f"submission_{readable}"
    return f"{readable}-{_digest(name)}"


def unique_file_names(names: Iterable[str]) -> dict[str, str]:
    """A file name for each name, no two alike even where upper and lower case are the same."""
    chosen: dict[str, str] = {}
    taken: set[str] = set()
    for name in sorted(set(names)):
        candidate = safe_file_name(name)
        if candidate.casefold() in taken:
            candidate = f"{candidate[: LIMIT - 16].rstrip('._-')}-{_digest(name)}"
        taken.add(candidate.casefold())
        chosen[name] = candidate
    return chosen


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:10]
