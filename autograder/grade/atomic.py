"""Files that are whole or not there."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

_SUFFIX = ".tmp"


def write_atomically(path: str | os.PathLike[str], data: bytes | str, mode: int = 0o644) -> None:
    """Replace the file in one step: readers, and crashes at any moment, find the old bytes or the new.

    ``mode``: who may read it; by default everybody (Gradescope, a web server).
    """
    target = Path(path)
    content = data.encode("utf-8") if isinstance(data, str) else data
    descriptor, temporary = tempfile.mkstemp(prefix=f".{target.name[:40]}.", suffix=_SUFFIX, dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, mode)
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
        raise


def remove_unfinished(folder: Path, suffixes: tuple[str, ...]) -> None:
    """Removes what :func:`write_atomically` left of files with these endings where its process was killed.

    Only while nobody writes there.
    """
    for path in folder.glob(f".*{_SUFFIX}"):
        # ".ada.json.x1y2z3.tmp", ".grades.csv.x1y2z3.tmp": the random part has no dot. A long name is cut short.
        name = path.name[1 : -len(_SUFFIX)].rpartition(".")[0]
        if name.endswith(suffixes) or len(name) == 40:
            with contextlib.suppress(OSError):
                path.unlink()
