"""Files as data: written, zipped and compared in one place, the same bytes every time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

from autograder.grade.atomic import write_atomically

Files: TypeAlias = dict[str, bytes]
"""Path, with ``/`` between its parts, to content."""

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can hold: every file's, so that no clock reaches the bytes."""
_SHEBANG = b"#!"


def text(content: str) -> bytes:
    """The text as it is stored: UTF-8, lines that end in a newline only, one newline at the end."""
    return (content.replace("\r\n", "\n").rstrip("\n") + "\n").encode("utf-8")


def below(folder: str, files: Mapping[str, bytes]) -> Files:
    """The files, moved into ``folder``."""
    return {f"{folder}/{path}": content for path, content in files.items()}


def folder_files(folder: Path, *patterns: str) -> Files:
    """The files of a folder (not of the folders in it) that match one of ``patterns``."""
    found = {path for pattern in patterns for path in folder.glob(pattern) if path.is_file()}
    return {path.name: path.read_bytes() for path in sorted(found)}


def is_executable(content: bytes) -> bool:
    """Whether the file is a program: it begins with ``#!``."""
    return content.startswith(_SHEBANG)


def zip_bytes(files: Mapping[str, bytes]) -> bytes:
    """A zip of the files: sorted, with a fixed time and fixed permissions, so that equal files give equal bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, _EPOCH)
            entry.create_system = 3  # Unix: the permissions below are read nowhere else
            entry.external_attr = (0o100755 if is_executable(files[path]) else 0o100644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[path])
    return buffer.getvalue()


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Makes ``folder`` hold exactly ``files``; what it held besides is removed."""
    for path in stray_files(folder, files):
        (folder / path).unlink()
    for path, content in sorted(files.items()):
        target = folder / path
        if target.is_file() and target.read_bytes() == content:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, content)
        target.chmod(0o755 if is_executable(content) else 0o644)
    for inner in sorted((path for path in folder.rglob("*") if path.is_dir()), reverse=True):
        if not any(inner.iterdir()):
            inner.rmdir()


def stray_files(folder: Path, files: Mapping[str, bytes]) -> list[str]:
    """The files of ``folder`` that are not among ``files``; traces of Python and pytest do not count."""
    if not folder.is_dir():
        return []
    present = sorted(path for path in folder.rglob("*") if path.is_file() and not _is_trace(path))
    return [name for name in (path.relative_to(folder).as_posix() for path in present) if name not in files]


def differences(folder: Path, files: Mapping[str, bytes]) -> list[str]:
    """How ``folder`` differs from ``files``, one sentence per file; empty where it is up to date."""
    problems = []
    for path, content in sorted(files.items()):
        target = folder / path
        if not target.is_file():
            problems.append(f"{path} is missing")
        elif target.read_bytes() != content:
            problems.append(f"{path} is not what its sources say{_first_change(target.read_bytes(), content)}")
    problems += [f"{path} should not be there" for path in stray_files(folder, files)]
    return problems


def _first_change(found: bytes, expected: bytes) -> str:
    """Where two texts part; nothing for what is no text."""
    try:
        pair = zip(found.decode().split("\n"), expected.decode().split("\n"), strict=False)
        for number, (one, other) in enumerate(pair, start=1):
            if one != other:
                return f" (line {number})"
    except UnicodeDecodeError:
        return ""
    return " (its length differs)"


def _is_trace(path: Path) -> bool:
    return path.suffix == ".pyc" or bool({"__pycache__", ".pytest_cache", ".ipynb_checkpoints"} & {*path.parts})
