"""The one folder that a worker may write to: empty when it starts, emptied after it, whatever it left there."""

from __future__ import annotations

import contextlib
import os
import tempfile

MAX_BYTES = 512 * 1024 * 1024
MAX_ENTRIES = 1_000
MIN_FREE = 1024 * 1024 * 1024
_LONG_PATH = 2000


def make() -> str:
    """The path of a new, empty folder."""
    return os.path.realpath(tempfile.mkdtemp(prefix="autograder-scratch-"))


def wipe(folder: str) -> None:
    """Removes ``folder`` with everything in it; see :func:`empty`."""
    empty(folder)
    with contextlib.suppress(FileNotFoundError):
        os.rmdir(folder)


def empty(folder: str) -> None:
    """Removes everything in ``folder``. Only when no process is left that could write there.

    Never recurses and never follows a link: whoever filled the folder may have nested it deeper than any path or
    stack reaches. Before a path grows too long, its folder is moved up to the top.
    """
    lifted = 0
    pending = [(folder, False)]
    while pending:
        path, is_empty = pending.pop()
        if is_empty:
            if path != folder:
                os.rmdir(path)
            continue
        pending.append((path, True))
        for entry in _entries(path):
            inner = entry.path
            if not entry.is_dir(follow_symlinks=False):
                os.unlink(inner)
                continue
            os.chmod(inner, 0o700)
            if len(os.fsencode(inner)) > _LONG_PATH:
                lifted += 1
                inner = _free_name(folder, lifted)
                os.rename(entry.path, inner)
                # Behind what is at hand, and before the top itself goes.
                pending.insert(1, (inner, False))
            else:
                pending.append((inner, False))


def is_empty(folder: str) -> bool:
    """Whether nothing lies in it; also where there is no folder."""
    if not folder:
        return True
    try:
        with os.scandir(folder) as entries:
            return next(entries, None) is None
    except OSError:
        return False


def is_overfull(folder: str) -> bool:
    """Whether more was written there than a submission may keep; looks at a bounded number of entries.

    For a folder that is being written to: what vanishes meanwhile does not count, what cannot be read counts.
    """
    found, size = 0, 0
    pending = [folder]
    while pending:
        try:
            with os.scandir(pending.pop()) as entries:
                for entry in entries:
                    found += 1
                    if entry.is_dir(follow_symlinks=False):
                        pending.append(entry.path)
                    else:
                        size += entry.stat(follow_symlinks=False).st_blocks * 512
                    if found > MAX_ENTRIES or size > MAX_BYTES:
                        return True
        except FileNotFoundError:
            continue
        except OSError as error:
            if error.errno in _TOO_DEEP:
                return True
            found += 1
    return False


def free_bytes(folder: str) -> int:
    """What is left on the disk that holds ``folder``."""
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize


def is_disk_eaten(folder: str, free_before: int) -> bool:
    """Whether the disk is nearly full since a worker started, with ``free_before`` left then.

    Files that were deleted while open or mapped take room but have no name that :func:`is_overfull` could count.
    Only a machine in need ends a worker for it: others may have written as well.
    """
    free = free_bytes(folder)
    return free < MIN_FREE and free_before - free > MAX_BYTES


_TOO_DEEP = (36, 40, 63)  # a path too long for the kernel, or a loop


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except FileNotFoundError:
        return []


def _free_name(folder: str, number: int) -> str:
    path = os.path.join(folder, f".autograder-wipe-{number}")
    while os.path.lexists(path):
        path += "x"
    return path
