"""What a worker is given of a submission that was read, and what the assignment asks of it."""

from __future__ import annotations

import ast

from autograder.assignment import Assignment
from autograder.bridge.code import SubmissionCode
from autograder.hygiene import Places
from autograder.notebook.cells import CellMap
from autograder.notebook.text import printable
from autograder.submission import Submission


def submission_code(submission: Submission, assignment: Assignment) -> SubmissionCode:
    """What a worker is given to load of a submission that was read."""
    cells = submission.cell_map
    if cells is None:
        return SubmissionCode(submission.source, submission.filename, assignment.slug)
    return SubmissionCode(
        submission.source,
        submission.filename,
        assignment.slug,
        notebook=True,
        graded=graded_names(assignment),
        locate=cells.describe,
        places=_places(submission.source, cells),
    )


def _places(source: str, cells: CellMap) -> Places:
    lines = source.split("\n")

    def within(line: int) -> int:
        place = cells.locate(line)
        return place[1] if place else line

    def text(file: str, line: int) -> str:
        return printable(lines[line - 1].strip(), 80) if line <= len(lines) else ""

    return Places(cells.describe, within, text)


def graded_names(assignment: Assignment) -> tuple[str, ...]:
    """The functions and classes that checks may ask for: those of the tasks, and what the stub defines."""
    names = {name.split(".")[0] for task in assignment.tasks for name in (*task.functions, *task.needs)}
    try:
        body = ast.parse(assignment.stub.read_text(encoding="utf-8")).body
    except (OSError, SyntaxError, ValueError):
        body = []  # in a student's own folder, where the stub is what they work on
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return tuple(sorted(name for name in names if not name.startswith("_")))


def signatures(source: str) -> dict[str, tuple[str, ...]]:
    """The parameter names of every top-level function of a trusted source, such as the stub.

    A parameter that takes any number of arguments has its ``*`` or ``**`` in front.
    """
    found = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef):
            arguments = node.args
            everything = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
            names = [argument.arg for argument in everything]
            names += [f"*{arguments.vararg.arg}"] if arguments.vararg else []
            names += [f"**{arguments.kwarg.arg}"] if arguments.kwarg else []
            found[node.name] = tuple(names)
    return found
