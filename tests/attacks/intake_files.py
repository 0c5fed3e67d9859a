"""Files, folders and names that attack the intake."""

from __future__ import annotations

import os
from pathlib import Path

from tests.attacks.handed_in import EMPTY, attack, put


@attack
def link_to_the_solution(folder: Path) -> Path:
    """A link in place of the file."""
    path = folder / "linked.py"
    os.symlink("../course/solutions/tiny/tiny.py", path)
    return path


@attack
def named_pipe(folder: Path) -> Path:
    """A pipe that never says anything in place of the file."""
    path = folder / "pipe.py"
    os.mkfifo(path)
    return path


@attack
def folder_of_pipes(folder: Path) -> Path:
    """A folder whose module is a pipe."""
    path = folder / "student"
    path.mkdir()
    os.mkfifo(path / "tiny.py")
    return path


@attack
def folder_of_links(folder: Path) -> Path:
    """A folder whose module is a link to the solution, beside links in circles."""
    path = folder / "student"
    path.mkdir()
    os.symlink("../../course/solutions/tiny/tiny.py", path / "tiny.py")
    os.symlink(".", path / "again")
    os.symlink("loop", path / "loop")
    return path


@attack
def folder_that_is_a_link(folder: Path) -> Path:
    """A link to the folder of the solution."""
    path = folder / "student"
    os.symlink("../course/solutions/tiny", path)
    return path


@attack
def folder_named_like_the_module(folder: Path) -> Path:
    """A folder named tiny.py within folders nested as deep as a path may be."""
    path = folder / "student" / "tiny.py"
    for _ in range(15):
        path /= "d" * 200
    path.mkdir(parents=True)
    (folder / "student" / "other.py").write_text(EMPTY)
    return folder / "student"


@attack
def socket_file(folder: Path) -> Path:
    """A socket in place of the file."""
    import socket

    path = folder / "line.py"
    here = os.getcwd()
    os.chdir(folder)  # the names of sockets are short
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.bind("line.py")
    finally:
        os.chdir(here)
    return path


@attack
def sparse_giant(folder: Path) -> Path:
    """Ten gigabytes of nothing."""
    path = folder / "giant.ipynb"
    with path.open("wb") as stream:
        stream.truncate(10 * 1024**3)
    return path


@attack
def huge_file(folder: Path) -> Path:
    """Three hundred megabytes of source, none of them on disk."""
    path = folder / "huge.py"
    with path.open("wb") as stream:
        stream.truncate(300_000_000)
    return path


@attack
def binary_source(folder: Path) -> Path:
    """Bytes that are no text."""
    return put(folder, "binary.py", bytes(range(256)) * 20)


@attack
def sixteen_bit_source(folder: Path) -> Path:
    """UTF-16 with a lone surrogate."""
    return put(folder, "utf16.py", b"\xff\xfex\x00 \x00=\x00 \x00\x00\xd8")


@attack
def name_with_markup(folder: Path) -> Path:
    """A file name of HTML."""
    return put(folder, "<img src=x onerror=alert(1)>.py", EMPTY)


@attack
def name_with_codes(folder: Path) -> Path:
    """A file name with a newline, terminal codes and marks of direction."""
    return put(folder, "two\nlines\x1b[31m\u202ehtml.py", EMPTY)


@attack
def name_of_a_formula(folder: Path) -> Path:
    """A file name that a spreadsheet would run."""
    return put(folder, "=cmd|' !C calc'!A0.py", EMPTY)


@attack
def name_that_is_no_text(folder: Path) -> Path:
    """A file name that is not valid UTF-8."""
    path = os.path.join(os.fsencode(folder), b"\xff\xfe\x80.py")
    with open(path, "wb") as stream:
        stream.write(EMPTY.encode())
    return Path(os.fsdecode(path))


@attack
def name_as_long_as_possible(folder: Path) -> Path:
    """A file name of 255 bytes."""
    return put(folder, "n" * 252 + ".py", EMPTY)
