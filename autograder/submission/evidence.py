"""One student's folder, or a class in one: decided by what lies in it, and by a short look into modules in doubt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from autograder.errors import SubmissionError
from autograder.submission.names import canvas_name, moodle_name
from autograder.submission.types import is_ignored, stem, suffix
from autograder.submission.versions import is_anybodys, is_module, same_student
from autograder.submission.wanted import Wanted

LOOK = 256 * 1024
"""Bytes of a module that are looked at."""
_MODULES = 300
"""Modules that are looked at; a class is known by two."""


@dataclass(frozen=True)
class Contents:
    """The names in a folder or archive: its own files, and the files in each of its folders."""

    files: tuple[str, ...]
    folders: dict[str, tuple[str, ...]]
    read: Callable[[str], str]
    """The beginning of a file, by its path, as text; empty where it cannot be read."""


def contents(paths: Iterable[str], read: Callable[[str, int], bytes]) -> Contents:
    """The contents of what holds these files, which ``/`` parts into folders."""
    files: list[str] = []
    folders: dict[str, list[str]] = {}
    for path in paths:
        top, _, rest = path.partition("/")
        if not rest:
            files.append(top)
        elif not is_ignored(f"{top}/x"):
            folders.setdefault(top, []).append(rest)

    def look(path: str) -> str:
        try:
            return read(path, LOOK).decode("utf-8", "replace")
        except SubmissionError:
            return ""

    return Contents(tuple(files), {top: tuple(inner) for top, inner in folders.items()}, look)


def is_class(found: Contents, wanted: Wanted) -> bool:
    """Whether several students' work lies there, going by names of platforms, of files, and of functions.

    One student's are the assignment's own module with helpers, tests, older versions and copies in folders.
    """
    own_name = {f"{wanted.slug}.py", f"{wanted.slug}.ipynb"}
    if len({handed_in.user for name in found.files if (handed_in := canvas_name(name))}) > 1:
        return True
    if sum(1 for top in found.folders if moodle_name(top) is not None) > 1:
        return True
    named = [top for top in found.folders if not is_anybodys(top, wanted.slug)]
    if sum(1 for top in named if own_name & set(found.folders[top])) > 1:
        return True
    if not wanted.names:
        return False
    modules = [name for name in found.files if is_module(name) and not is_ignored(name)]
    own = [name for name in modules if name in own_name]
    students = _students([name for name in modules if name not in own], found, wanted)
    if len(students) + bool(own) > 1 and students:
        return True
    return not own and sum(1 for top in named if _holds(found, top, wanted)) > 1


def _students(modules: Sequence[str], found: Contents, wanted: Wanted) -> list[list[str]]:
    """The modules that define what is asked for and are named like somebody, by student."""
    named = [name for name in modules if not is_anybodys(stem(name), wanted.slug)][:_MODULES]
    solving = [name for name in named if wanted.defines(found.read(name))]
    return same_student(solving, wanted.slug)


def _holds(found: Contents, top: str, wanted: Wanted) -> bool:
    """Whether a module that defines what is asked for lies directly in that folder."""
    inner = [name for name in found.folders[top] if "/" not in name and is_module(name) and not is_ignored(name)]
    return any(wanted.defines(found.read(f"{top}/{name}")) for name in inner[:5])


def is_archive(name: str) -> bool:
    """Whether the file is named like an archive, readable here or not."""
    return suffix(name) in (".zip", ".rar", ".7z", ".tar", ".gz", ".tgz")
