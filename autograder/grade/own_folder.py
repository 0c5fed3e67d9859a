"""The user's own folder for what need not be found out twice, ``~/.cache/torch-autograder`` (or ``XDG_CACHE_HOME``).

Only what nobody else may write is believed; where there is no such folder, nothing is kept.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path


def own_folder(name: str) -> Path | None:
    """The folder of that name; None where there is none that can be trusted and used."""
    given = os.environ.get("XDG_CACHE_HOME", "")
    # A relative path is to be ignored: https://specifications.freedesktop.org/basedir-spec
    try:
        base = Path(given) if os.path.isabs(given) else Path.home() / ".cache"
        folder = base / "torch-autograder" / name
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        ours = all(_is_ours(os.lstat(path), stat.S_ISDIR) for path in (folder.parent, folder))
    except (OSError, RuntimeError):  # no home, no room, a file in the way
        return None
    return folder if ours else None


def read_own(path: Path, most: int) -> bytes | None:
    """What a file of that folder holds; None where it is not there, not this user's alone, or larger than ``most``."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(file.fileno())
            if _is_ours(status, stat.S_ISREG) and status.st_size <= most:
                return file.read(most)
    except OSError:
        pass
    return None


def _is_ours(status: os.stat_result, is_kind: Callable[[int], bool]) -> bool:
    owned = not hasattr(os, "geteuid") or status.st_uid == os.geteuid()
    return is_kind(status.st_mode) and owned and not status.st_mode & 0o022
