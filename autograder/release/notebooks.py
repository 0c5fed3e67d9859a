"""Notebooks made from a percent script: the same cells, the same ids, the same bytes every time."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Sequence
from typing import Any

import jupytext
import nbformat

from autograder.assignment import Assignment, Task
from autograder.errors import AssignmentError
from autograder.release.artefact import text

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
"""All that a notebook says of itself: no versions, which would change its bytes."""

Cell = dict[str, Any]


def script_cells(source: str) -> list[Cell]:
    """The cells of a percent script, without ids."""
    notebook = jupytext.reads(source, fmt="py:percent")
    return [_cell(cell.cell_type, cell.source) for cell in notebook.cells if cell.source.strip()]


def code_cell(source: str, **metadata: Any) -> Cell:
    """A code cell that has not been run."""
    return _cell("code", source) | {"metadata": metadata}


def markdown_cell(source: str) -> Cell:
    """A cell of prose."""
    return _cell("markdown", source)


def notebook_bytes(cells: Sequence[Cell]) -> bytes:
    """The notebook of these cells. Ids come from the content, so that equal cells give equal bytes."""
    seen: dict[str, int] = {}
    finished = []
    for cell in cells:
        content = f"{cell['cell_type']}\0{cell['source']}"
        seen[content] = seen.get(content, 0) + 1
        digest = hashlib.sha256(f"{content}\0{seen[content]}".encode()).hexdigest()
        finished.append({"id": digest[:8], **cell})
    notebook = nbformat.from_dict(  # type: ignore[no-untyped-call]
        {"nbformat": 4, "nbformat_minor": 5, "metadata": METADATA, "cells": finished}
    )
    nbformat.validate(notebook)
    return text(nbformat.writes(notebook))  # type: ignore[no-untyped-call]


def defined_names(cell: Cell) -> list[str]:
    """The top-level functions and classes that a code cell defines."""
    if cell["cell_type"] != "code":
        return []
    body = ast.parse(cell["source"]).body
    return [node.name for node in body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]


def last_cells(assignment: Assignment, cells: Sequence[Cell]) -> dict[int, list[Task]]:
    """Cell index to the tasks whose last function is defined there: their check comes after it.

    A task without functions of its own comes after the one before it.
    """
    places = {name: index for index, cell in enumerate(cells) for name in defined_names(cell)}
    found: dict[int, list[Task]] = {}
    previous = len(cells) - 1
    for task in assignment.tasks:
        missing = [name for name in task.functions if name.split(".")[0] not in places]
        if missing:
            raise AssignmentError(
                f"{assignment.folder / 'assignment.toml'}: task {task.id} names the function {missing[0]!r}, "
                f"but {assignment.stub.name} does not define it."
            )
        if task.functions:
            previous = max(places[name.split(".")[0]] for name in task.functions)
        found.setdefault(previous, []).append(task)
    return found


def _cell(kind: str, source: str) -> Cell:
    extra: Cell = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "metadata": {}, "source": source.strip("\n")} | extra
