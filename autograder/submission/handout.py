"""Whether a submission is the handout as it was given out, in a module or in a notebook."""

from __future__ import annotations

import ast
from functools import lru_cache

_MOST = 400_000
"""Characters of a module that are parsed; a handout is shorter."""


def is_handout(source: str, stub: str) -> bool:
    """Whether nothing was written: the same code, or the same functions and classes and no others.

    A notebook has cells that the stub has not, and experiments at the end are nobody's solution.
    """
    if code_lines(source) == code_lines(stub):
        return True
    given = _definitions(stub)
    return given is not None and len(given) > 0 and _definitions(source) == given


def code_lines(source: str) -> list[str]:
    """The lines that are neither blank nor comments: what a module and its notebook have in common."""
    return [line.strip() for line in source.split("\n") if line.strip() and not line.lstrip().startswith("#")]


@lru_cache(maxsize=16)
def _definitions(source: str) -> dict[str, set[str]] | None:
    """The functions and classes at top level, each as its trees; None for what is no Python.

    Several of a name where a student's own stands in another cell than the stub's.
    """
    if len(source) > _MOST:
        return None
    try:
        found: dict[str, set[str]] = {}
        for node in ast.parse(source).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                found.setdefault(node.name, set()).add(ast.dump(node))
        return found
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
