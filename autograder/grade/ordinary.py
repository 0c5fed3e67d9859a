"""Whether a submission is ordinary code, whose checks may share a worker.

A running interpreter has no end of places where a mark can be left for the next check: caches, registries, counters,
what the process has used. Nearly all are reached through modules that no homework needs, private names, or functions
that reach any name. So checks share a worker only where a submission's own lines have none of these; what is left to
them is public, and compared before each check (:mod:`autograder.bridge.fresh_start`). Whoever writes more has a worker
for each check: that costs some milliseconds, and no point.

The source is read as text: parsing it could take the judge down. Words in comments and in strings count like code.
"""

from __future__ import annotations

import re
import sys
import unicodedata

from autograder.bridge.belongings import MODULES, RARE

_WORDS = (
    frozenset(
        # What reaches any name, or runs any text.
        "getattr setattr delattr vars globals locals exec compile dir type breakpoint open help attrgetter "
        "methodcaller update_wrapper assigned mro "
        # What tells how long a process has been at work.
        "id data_ptr process_time process_time_ns thread_time thread_time_ns clock_gettime "
        # What libraries keep.
        "accelerator amp available cache_info cache_parameters cm colormaps default_generator get_overloads "
        "graph_settings matplotlib monitor multiprocessing overload rcParamsDefault rcParamsOrig special_registry "
        "types".split()
    )
    | RARE
    | (sys.stdlib_module_names - set(MODULES) - {"array", "code", "numbers", "select", "test"})
)
_OFTEN = frozenset({"__init__", "__len__", "__getitem__", "__call__", "__iter__", "__next__"})
"""Names with underscores at which ordinary code asks."""
_REGISTERS = re.compile(
    r"register_(?:buffer|parameter|module|hook|forward_hook|forward_pre_hook|full_backward_hook)\b|registered|regist(?!\w)"
)
_IMPORT = re.compile(r"\b(?:from[ \t]+([\w.]+)[ \t]*)?\bimport\b[ \t]*(\([^)]*\)|[^\n;]*)")
_EVAL = re.compile(r"(?<![\w.])eval\b")
"""``model.eval()`` is nobody's ``eval``."""
_PATTERN = re.compile(r"^\s*case\b", re.MULTILINE)
"""Patterns of classes ask for attributes without a dot."""
_NAME = re.compile(r"[^\W\d]\w*")
_ATTRIBUTE = re.compile(r"\.\s*(_\w*)")


def is_ordinary(source: str, stub: str) -> bool:
    """Whether the source has nothing unusual beyond the lines of the handout."""
    given = set(stub.splitlines())
    own = "\n".join(line for line in source.splitlines() if line not in given and not line.startswith("%"))
    text = unicodedata.normalize("NFKC", own).replace("\\\n", " ")  # as Python takes identifiers
    imports = list(_IMPORT.finditer(text))
    text = _IMPORT.sub(_imported, text)
    names = set(_NAME.findall(text))
    if not all(map(_is_ordinary_import, imports)) or names & (_WORDS | _given_only(stub)):
        return False
    if _EVAL.search(text) or any("regist" in name and not _REGISTERS.match(name) for name in names):
        return False
    return set(_ATTRIBUTE.findall(text)) <= _OFTEN and not _PATTERN.search(text)


def _is_ordinary_import(found: re.Match[str]) -> bool:
    module, names = found.groups()
    if module:
        return module in MODULES and "*" not in names and not re.search(r"\b_", names)
    return {_whole(part) for part in names.split(",")} <= set(MODULES)


def _whole(part: str) -> str:
    return part.strip().partition(" ")[0]


def _imported(found: re.Match[str]) -> str:
    """What of an import is looked at word by word: the names that it takes out of a module."""
    return f"import {found[2]}" if found[1] else ""


def _given_only(stub: str) -> set[str]:
    """The names that the handout imports from elsewhere, for its own use."""
    unusual = (found[2] for found in _IMPORT.finditer(stub) if not _is_ordinary_import(found))
    return {name for names in unusual for name in _NAME.findall(names)} - {"as"}
