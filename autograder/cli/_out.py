"""The folder that results go to."""

from __future__ import annotations

from pathlib import Path

from autograder.errors import UsageError


def make_out(out: Path) -> None:
    """Makes the folder; a UsageError where that cannot be."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise UsageError(f"--out {out} is a file, or lies below one; name a folder.") from None
    except OSError as error:
        raise UsageError(f"--out {out} cannot be made: {error.strerror}.") from None
