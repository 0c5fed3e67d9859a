"""File names made from the names of submissions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from autograder.reports.names import safe_file_name, unique_file_names

__all__ = ["file_names_beside", "safe_file_name", "unique_file_names"]


def file_names_beside(taken: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    """A file name for each of ``names``; one that has a name in ``taken`` keeps it, and no two are alike."""
    wanted = unique_file_names(names)
    used = {stem.casefold() for stem in taken.values()}
    chosen: dict[str, str] = {}
    for name, stem in wanted.items():
        if name in taken:
            chosen[name] = taken[name]
            continue
        number = 1
        candidate = stem
        while candidate.casefold() in used:
            number += 1
            candidate = f"{stem}-{number}"
        used.add(candidate.casefold())
        chosen[name] = candidate
    return chosen
