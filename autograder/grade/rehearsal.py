"""A made-up class for a dress rehearsal: what a course's real students would hand in, good, bad and broken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from autograder.assignment import Assignment
from autograder.errors import AssignmentError

_WRONG, _RIGHT = 3, 1
"""How many of an assignment's own samples take part."""


Notebook = Callable[[Assignment], bytes]


def write_class(assignments: Sequence[Assignment], folder: Path, notebook: Notebook) -> dict[str, Path]:
    """Writes a small class per assignment below ``folder``; slug to the folder of its submissions.

    ``notebook`` makes the notebook that students get, filled with the reference's code: one of the submissions.

    Each has the reference, the stub, that notebook, some wrong and right samples, and one accident: a syntax error,
    an endless loop and a dying process take turns.
    """
    folders = {}
    for index, assignment in enumerate(assignments):
        target = folder / assignment.slug
        target.mkdir(parents=True, exist_ok=True)
        for stale in target.iterdir():
            stale.unlink()
        name, accident = _ACCIDENTS[index % len(_ACCIDENTS)]
        files = _samples(assignment) | {name: accident(assignment)}
        for file_name, text in files.items():
            (target / file_name).write_text(text, encoding="utf-8")
        (target / "cleo_notebook.ipynb").write_bytes(notebook(assignment))
        folders[assignment.slug] = target
    return folders


def _samples(assignment: Assignment) -> dict[str, str]:
    files = {"ada_reference.py": _read(assignment.solution), "ben_stub.py": _read(assignment.stub)}
    solutions = assignment.solution.parent
    for kind, count in (("wrong", _WRONG), ("right", _RIGHT)):
        for path in sorted((solutions / kind).glob("*.py"))[:count]:
            files[f"{kind}_{path.name}"] = _read(path)
    return files


def _syntax_error(assignment: Assignment) -> str:
    return _read(assignment.solution).rstrip() + "\n\n\ndef unfinished(x:\n    return x\n"


def _endless_loop(assignment: Assignment) -> str:
    return _replaced(assignment, "    while True:\n        pass\n")


def _dying_process(assignment: Assignment) -> str:
    return _replaced(assignment, "    import os\n\n    os._exit(0)\n")


def _replaced(assignment: Assignment, body: str) -> str:
    """The reference with the body of the first task's first function replaced."""
    names = [name for task in assignment.tasks for name in task.functions]
    if not names:
        raise AssignmentError(f"{assignment.slug}: assignment.toml names no functions.")
    return f"{_read(assignment.solution).rstrip()}\n\n\ndef {names[0]}(*args, **kwargs):\n{body}"


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


_ACCIDENTS: tuple[tuple[str, Callable[[Assignment], str]], ...] = (
    ("dan_endless_loop.py", _endless_loop),
    ("eve_syntax_error.py", _syntax_error),
    ("fay_dying_process.py", _dying_process),
)
