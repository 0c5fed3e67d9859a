"""Which file of a folder or archive is the student's module."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.errors import SubmissionError
from autograder.notebook.text import printable
from autograder.submission.names import canvas_name
from autograder.submission.types import Entry, is_ignored, stem, suffix
from autograder.submission.versions import base_name, version


@dataclass(frozen=True)
class Choice:
    """One module, or several files of one (``.py`` and ``.ipynb``, later versions), and the modules beside it."""

    entries: tuple[Entry, ...]
    others: tuple[Entry, ...] = ()
    archives: tuple[Entry, ...] = ()
    """Archives beside the modules: never opened."""
    problem: str = ""
    """Why the modules' names do not say which of ``entries`` it is; empty where they do."""


def choose(entries: Sequence[Entry], slug: str, shown: str) -> Choice:
    """The module to grade among ``entries``, the best first; the only archive where there is no module.

    Raises SubmissionError that names what was found instead.
    """
    candidates = [entry for entry in entries if not is_ignored(entry.path)]
    modules = [entry for entry in candidates if suffix(entry.path) in (".py", ".ipynb")]
    if not modules:
        return _archive(candidates, slug, shown)
    own = [entry for entry in modules if slug in entry.path.split("/")[:-1]]
    modules = own or modules
    for picked in (
        [entry for entry in modules if _name(entry) == slug],
        [entry for entry in modules if _loosely(_name(entry)) == _loosely(slug)],
        modules,
    ):
        top = _shallowest(picked)
        if top:
            break
    top.sort(key=lambda entry: (*(-late for late in version(_filename(entry))), suffix(entry.path) != ".py"))
    problem = ""
    if (
        len({base_name(_name(entry)).casefold() for entry in top}) > 1
        or len({entry.path.rpartition("/")[0] for entry in top}) > 1
    ):
        names = [printable(entry.path, 60) for entry in sorted(top, key=lambda entry: entry.path)]
        listed = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) <= 5 else f"{len(names)} modules"
        problem = f"{shown}: found {listed}; name yours {slug}.py and hand in only that one."
    archives = tuple(entry for entry in candidates if suffix(entry.path) == ".zip")
    return Choice(tuple(top), tuple(entry for entry in modules if entry not in top), archives, problem)


def _archive(candidates: list[Entry], slug: str, shown: str) -> Choice:
    archives = [entry for entry in candidates if suffix(entry.path) == ".zip"]
    if len(archives) == 1:
        return Choice((archives[0],))
    if archives:
        raise SubmissionError(f"{shown}: found {len(archives)} zip files and no module; hand in {slug}.py.")
    if not candidates:
        raise SubmissionError(f"{shown} is empty: it holds no module. Hand in {slug}.py or {slug}.ipynb.")
    found = ", ".join(printable(entry.path, 40) for entry in candidates[:3]) + (", …" if len(candidates) > 3 else "")
    raise SubmissionError(f"{shown} holds no .py or .ipynb file (found: {found}). Hand in {slug}.py or {slug}.ipynb.")


def _filename(entry: Entry) -> str:
    return entry.path.rpartition("/")[2]


def _name(entry: Entry) -> str:
    canvas = canvas_name(entry.path.rpartition("/")[2])
    return stem(canvas.file if canvas else entry.path)


def _loosely(name: str) -> str:
    """The name as it is before browsers and people change it: ``Himmelblau (1)`` is ``himmelblau``."""
    name = name[:255]  # the search below takes the square of a name's length
    return re.sub(r"[\W_]+", "_", re.sub(r"\s*\(\d+\)$|-\d+$|[ _-]+copy$", "", name, flags=re.IGNORECASE)).casefold()


def _shallowest(entries: list[Entry]) -> list[Entry]:
    depth = min((entry.path.count("/") for entry in entries), default=0)
    return [entry for entry in entries if entry.path.count("/") == depth]
