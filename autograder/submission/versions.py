"""Several files of one student: ``ada.py``, ``ada (1).py``, ``ada_final.py`` and ``ada.ipynb``."""

from __future__ import annotations

import re
from collections.abc import Iterable

from autograder.submission.names import canvas_name
from autograder.submission.types import stem, suffix

_WORDS = {"old": -2, "backup": -2, "bak": -2, "draft": -1, "copy": 1, "new": 800, "latest": 850, "final": 900}
_AGAIN = re.compile(r"\s*\((\d{1,2})\)$|-(\d)$|[ _-]+v(\d{1,2})$", re.IGNORECASE)
_WORD = re.compile(rf"\s*[ _-]+\(?({'|'.join(_WORDS)})\)?$", re.IGNORECASE)
_ANYBODYS = frozenset(
    "my the assignment exercise ex file final homework hw lab main module new notebook old backup bak copy draft "
    "solution solutions student stud submission submissions task temp tmp test untitled version work code script "
    "of python answer answers team group util utils helper helpers src build archive previous attempt".split()
)
_PEOPLE = frozenset({"student", "students", "stud", "team", "group", "submission"})
"""With a number, these are names of people."""
MANY = 4
"""More files than that are rather several students' whose names look alike."""


def base_name(name: str) -> str:
    """The name of a file, without its ending, before somebody made another version of it."""
    name = name[:255]  # the searches below take the square of a name's length
    while True:
        shorter = _WORD.sub("", _AGAIN.sub("", name)).rstrip()
        if not shorter or shorter == name:
            return name
        name = shorter


def version(filename: str) -> tuple[int, int]:
    """How late a version is, by its name: Canvas counts uploads, browsers count copies, people write "final"."""
    handed_in = canvas_name(filename)
    if handed_in:
        return int(handed_in.upload), 0
    name, late = stem(filename)[:255], 0
    base = base_name(name)
    while name != base:
        word, again = _WORD.search(name), _AGAIN.search(name)
        if word:
            late += _WORDS[word[1].lower()]
            name = name[: word.start()].rstrip()
        elif again:
            late += int(next(part for part in again.groups() if part))
            name = name[: again.start()].rstrip()
        else:
            break
    return 0, late


def is_anybodys(name: str, slug: str) -> bool:
    """Whether a name says nothing of whose file it is: the assignment's own, ``main``, ``solution 2``, ``old``."""
    parts = re.findall(r"[^\W\d_]+|\d+", name[:255].casefold())
    if any(len(part) >= 4 for part in parts if part.isdigit()):
        return False  # a matriculation number
    if parts and parts[0] in _PEOPLE and any(part.isdigit() for part in parts):
        return False
    own = {part[:4] for part in re.findall(r"[^\W\d_]{4,}", slug.casefold())}
    return all(
        len(part) == 1 or part.isdigit() or part in _ANYBODYS or part in slug.casefold() or part[:4] in own
        for part in parts
    )


def same_student(filenames: Iterable[str], slug: str) -> list[list[str]]:
    """The modules of one flat folder by student: versions of one file, and a module with its notebook, together.

    Numbers alone tell students apart as well as versions, so there must be a file without one.
    """
    by_stem: dict[str, list[str]] = {}
    for name in sorted(filenames):
        by_stem.setdefault(stem(name), []).append(name)
    by_base: dict[str, list[str]] = {}
    for one in by_stem:
        by_base.setdefault(base_name(one), []).append(one)
    groups: list[list[str]] = []
    for base, stems in by_base.items():
        by_word = [one for one in stems if _WORD.search(one)]
        are_versions = (
            1 < len(stems) <= MANY and _is_person(base, slug) and (base in stems or len(by_word) == len(stems))
        )
        parts = [stems] if are_versions else [[one] for one in stems]
        groups += [[name for one in part for name in by_stem[one]] for part in parts]
    return groups


def _is_person(base: str, slug: str) -> bool:
    """Whether numbers after that name count versions, not people."""
    return not is_anybodys(base, slug) and not _PEOPLE & {*re.findall(r"[^\W\d_]+", base.casefold())}


def is_module(filename: str) -> bool:
    """Whether the file is named like a module or a notebook."""
    return suffix(filename) in (".py", ".ipynb")
