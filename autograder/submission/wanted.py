"""What a submission of an assignment looks like: the names that it defines, and those of the other assignments."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from autograder.errors import AssignmentError

if TYPE_CHECKING:
    from autograder.assignment import Assignment

_DEFINITION = re.compile(r"\b(?:def|class)[ \t]+(\w+)")


@dataclass(frozen=True)
class Wanted:
    """The names by which a module is known as one of this assignment's."""

    slug: str
    names: frozenset[str] = frozenset()
    """The functions and classes that students write."""
    others: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The same of the course's other assignments, by slug."""
    is_guess: bool = False
    """Whether the names are those of some module, which may have functions of its author's own."""

    def defines(self, text: str) -> bool:
        """Whether a module's text, or a notebook's, defines one of the names."""
        return bool(defined(text, self.names))

    def definitions(self, text: str) -> set[str]:
        """Those of the names that the text defines itself, as functions or classes; nothing that it imports."""
        return set(_DEFINITION.findall(text)) & self.names

    def guessed_from(self, text: str) -> Wanted:
        """The same, where the names are not known: by what a module of this assignment defines."""
        return replace(self, names=frozenset(_DEFINITION.findall(text)), is_guess=True)


def wanted(assignment: Assignment) -> Wanted:
    """What to look for in submissions of ``assignment``."""
    from autograder.assignment import Assignment  # slow beside the worker's part of intake

    folder = assignment.folder
    others = {}
    for other in sorted(folder.parent.iterdir()) if folder.parent.name == "assignments" else ():
        if other.name != folder.name and (other / "assignment.toml").is_file():
            try:
                others[other.name] = _names(Assignment(other.name, other, None))
            except AssignmentError:  # another assignment's fault is none of these submissions' business
                continue
    return Wanted(assignment.slug, _names(assignment), others)


def defined(text: str, names: Collection[str]) -> set[str]:
    """Those of ``names`` that the text defines as functions or classes, or binds by an assignment or an import."""
    if not names:
        return set()
    found = set(_definitions(tuple(sorted(names))).findall(text))
    return {next(part for part in match if part) for match in found}


@lru_cache(maxsize=64)
def _definitions(names: tuple[str, ...]) -> re.Pattern[str]:
    any_name = "|".join(map(re.escape, names))
    return re.compile(
        rf"\b(?:def|class)[ \t]+({any_name})\b"
        rf"|(?:^|\\n|\")[ \t]*({any_name})[ \t]*(?::[^=\n]*)?=(?!=)"
        rf"|\bimport\b[^\n\"]*\b({any_name})\b",
        re.MULTILINE,
    )


def _names(assignment: Assignment) -> frozenset[str]:
    return frozenset(name.split(".")[0] for task in assignment.tasks for name in task.functions)
