"""One student's folder, or a class in one: decided by what lies in it, and by a short look into modules in doubt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from autograder.errors import SubmissionError
from autograder.notebook.text import printable
from autograder.submission.names import canvas_name, moodle_name
from autograder.submission.types import is_ignored, stem, suffix
from autograder.submission.versions import is_anybodys, is_module, same_student
from autograder.submission.wanted import Wanted

LOOK = 256 * 1024
"""Bytes of a module that are looked at."""
_MODULES = 300
"""Modules that are looked at; a class is known by two."""
_CROWD = 6
"""So many solutions are no single student's, whatever their names."""


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
            data = read(path, LOOK)
        except SubmissionError:
            return ""
        return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")

    return Contents(tuple(files), {top: tuple(inner) for top, inner in folders.items()}, look)


def class_evidence(found: Contents, wanted: Wanted) -> str:
    """What shows that several students' work lies there, by names of platforms, files and functions; empty: nothing.

    One student's are the assignment's own module with helpers, tests, older versions and copies in folders.
    """
    own_name = {f"{wanted.slug}.py", f"{wanted.slug}.ipynb"}
    if len({handed_in.user for name in found.files if (handed_in := canvas_name(name))}) > 1:
        return "several students have files of Canvas in it"
    if sum(1 for top in found.folders if moodle_name(top) is not None) > 1:
        return "several students have folders of Moodle in it"
    named = [top for top in found.folders if not is_anybodys(top, wanted.slug)]
    holding = [top for top in named if own_name & set(found.folders[top])]
    if len(holding) > 1:
        return f"{_and(holding)} hold {wanted.slug}, too"
    if not wanted.names:
        wanted = wanted.guessed_from("\n".join(found.read(name) for name in found.files if name in own_name))
    modules = [name for name in found.files if is_module(name) and not is_ignored(name)]
    own = [name for name in modules if name in own_name]
    rivals = _rivals(own, [name for name in modules if name not in own], found, wanted)
    if rivals:
        return f"{_and(rivals)} {'defines' if len(rivals) == 1 else 'define'} the same functions"
    solving = [] if own else [top for top in named if _holds(found, top, wanted)]
    return f"{_and(solving)} each hold a module of {wanted.slug}" if len(solving) > 1 else ""


def _rivals(own: Sequence[str], others: Sequence[str], found: Contents, wanted: Wanted) -> list[str]:
    """The modules of different people that define the same things that are asked for; none where it is one person.

    Parts of one student's work do not: what one of them defines, the others import. Versions have the same name, or
    one that says nothing of a person.
    """
    mine = {name for module in own for name in wanted.definitions(found.read(module))}
    defined = {name: wanted.definitions(found.read(name)) for name in others[:_MODULES]}
    if mine:
        least = len(mine) / 2 if wanted.is_guess else 1
        rivals = [name for name in defined if len(defined[name] & mine) >= least]
    else:
        counts = Counter(part for parts in defined.values() for part in parts)
        rivals = [name for name in defined if any(counts[part] > 1 for part in defined[name])]
        if own:  # empty or damaged: whoever has most of it is somebody else
            rivals = [name for name in defined if 2 * len(defined[name]) >= len(wanted.names)]
    people = same_student([name for name in rivals if not is_anybodys(stem(name), wanted.slug)], wanted.slug)
    is_several = (people and len(people) + bool(own) > 1) or len(rivals) >= _CROWD
    return rivals if is_several else []


def _holds(found: Contents, top: str, wanted: Wanted) -> bool:
    """Whether a module that defines what is asked for lies directly in that folder."""
    inner = [name for name in found.folders[top] if "/" not in name and is_module(name) and not is_ignored(name)]
    return any(wanted.defines(found.read(f"{top}/{name}")) for name in inner[:5])


def _and(names: Sequence[str]) -> str:
    shown = [printable(name, 60) for name in names[:3]]
    if len(names) > 3:
        return f"{', '.join(shown)} and {len(names) - 3} more"
    return " and ".join(shown) if len(shown) < 3 else f"{shown[0]}, {shown[1]} and {shown[2]}"


def is_archive(name: str) -> bool:
    """Whether the file is named like an archive, readable here or not."""
    return suffix(name) in (".zip", ".rar", ".7z", ".tar", ".gz", ".tgz")
