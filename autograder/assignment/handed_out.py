"""Repair tasks: the bodies that students were handed, and which of them nobody has touched.

A repair task's functions are no blanks, so whether a student has begun cannot be seen from the code alone: it is
compared with the stub. Where that is not at hand, in a student's own folder, ``assignment.toml`` holds a digest of
each body (the release writes it there).
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Collection, Iterable

from autograder.assignment.assignment import Assignment
from autograder.assignment.config import Task

_MOST = 400_000
"""Characters of a module that are parsed; a handout is shorter."""


def to_repair(tasks: Iterable[Task]) -> frozenset[str]:
    """The names that repair tasks ask for."""
    return frozenset(name for task in tasks if task.kind == "repair" for name in task.functions)


def body_digests(source: str, names: Collection[str]) -> dict[str, str]:
    """Name to a digest of what the function or class does, for those of ``names`` that ``source`` defines.

    Comments, docstrings and layout do not count. Empty for what is no Python.
    """
    if len(source) > _MOST:
        return {}
    try:
        body = ast.parse(source).body
        return {
            node.name: hashlib.sha256(_essence(node).encode()).hexdigest()[:16]
            for node in body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name in names
        }
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}


def handed_out(assignment: Assignment) -> dict[str, str]:
    """The digests of the bodies that repair tasks hand out; empty where there are none, or no stub is at hand."""
    names = to_repair(assignment.tasks)
    if assignment.handout or not names:
        return dict(assignment.handout)
    try:
        return body_digests(assignment.stub.read_text(encoding="utf-8"), names)
    except (OSError, UnicodeDecodeError):
        return {}


def untouched(assignment: Assignment, source: str) -> frozenset[str]:
    """The names of repair tasks whose bodies in ``source`` are still those that were handed out."""
    given = handed_out(assignment)
    return frozenset(name for name, found in body_digests(source, given).items() if given[name] == found)


def _essence(node: ast.AST) -> str:
    """The code without docstrings, as the interpreter would write it."""
    for part in ast.walk(node):
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and ast.get_docstring(part):
            part.body = part.body[1:] or [ast.Pass()]
    return ast.unparse(node)
