"""The one folder that a worker may write to: made empty for it, wiped after it, whatever it left there."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator

MAX_BYTES = 512 * 1024 * 1024
MAX_ENTRIES = 20_000


def make() -> str:
    """The path of a new, empty folder."""
    return os.path.realpath(tempfile.mkdtemp(prefix="autograder-scratch-"))


def wipe(folder: str) -> None:
    """Removes ``folder`` with everything in it. Only when no process is left that could write there.

    Never recurses and never follows a link: whoever filled the folder may have nested it deeper than any path or
    stack reaches. Folders are moved up to the top before they are emptied.
    """
    serial = 0
    pending = [entry.path for entry in _entries(folder) if not _remove_if_file(entry)]
    while pending:
        inner = pending.pop()
        os.chmod(inner, 0o700)
        for entry in _entries(inner):
            if _remove_if_file(entry):
                continue
            serial += 1
            lifted = os.path.join(folder, f".autograder-wipe-{serial}")
            while os.path.lexists(lifted):
                serial += 1
                lifted = os.path.join(folder, f".autograder-wipe-{serial}")
            os.chmod(entry.path, 0o700)
            os.rename(entry.path, lifted)
            pending.append(lifted)
        os.rmdir(inner)
    with contextlib.suppress(FileNotFoundError):
        os.rmdir(folder)


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


_TOO_DEEP = (36, 40, 63)  # a path too long for the kernel, or a loop


def _entries(folder: str) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            yield from list(entries)
    except FileNotFoundError:
        return


def _remove_if_file(entry: os.DirEntry[str]) -> bool:
    if entry.is_dir(follow_symlinks=False):
        return False
    os.unlink(entry.path)
    return True
