"""What a student gets: made from the assignment's public folder alone, never from solutions/."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2

from autograder.assignment import Assignment, body_digests, to_repair
from autograder.errors import AssignmentError
from autograder.notebook.own import FIRST_CELL
from autograder.release.artefact import Files, text
from autograder.release.checks import CheckSource, read_checks
from autograder.release.notebooks import Cell, code_cell, last_cells, notebook_bytes, script_cells
from autograder.release.wheel import wheel_path
from autograder.reports.text import number

_TEMPLATES = Path(__file__).parent / "templates"
_FUTURE = re.compile(r"(?m)^from\s+__future__\s+import\b")


def student_files(assignment: Assignment) -> Files:
    """The release folder of an assignment: stub, notebook, public checks, and how to work with them."""
    slug = assignment.slug
    stub = assignment.stub.read_text(encoding="utf-8")
    checks = read_checks(assignment.public_tests)
    if not checks:
        raise AssignmentError(
            f"{assignment.public_tests} has no check, and the students' folder is made around them: write at least one "
            'function test_… with @pytest.mark.task("1", points=2, category="correctness").'
        )
    files = {
        f"{slug}.py": text(stub),
        f"{slug}.ipynb": notebook_bytes(student_cells(assignment, stub)),
        "test_public.py": text(assignment.public_tests.read_text(encoding="utf-8")),
        "assignment.toml": text(with_slug(assignment)),
        "README.md": text(render("README.md.j2", assignment=assignment, checks=checks)),
        "requirements.txt": text(
            render("requirements.txt.j2", wheel=f"./{wheel_path()}", extras=imported_extras(stub))
        ),
        "pytest.ini": text(render("pytest.ini")),
    }
    by_task: dict[str, list[CheckSource]] = defaultdict(list)
    for check in checks:
        by_task[check.task].append(check)
    for task in assignment.tasks:
        files[f"tests/{task.id}.py"] = text(render("otter_test.py.j2", task=task, checks=by_task[task.id]))
    return files


def student_cells(assignment: Assignment, stub: str) -> list[Cell]:
    """The stub's cells, the set-up of the checks in front, and a check after each task.

    Saved as one module, a notebook must begin with its ``from __future__`` imports: the set-up stands below them.
    """
    cells = script_cells(stub)
    checked = last_cells(assignment, cells)
    first = next(index for index, cell in enumerate(cells) if cell["cell_type"] == "code")
    woven: list[Cell] = []
    for index, cell in enumerate(cells):
        set_up = [code_cell(FIRST_CELL)] if index == first else []
        woven += [cell, *set_up] if _FUTURE.search(cell["source"]) else [*set_up, cell]
        woven += [code_cell(f'grader.check("{task.id}")') for task in checked.get(index, [])]
    return woven


def filled_notebook(assignment: Assignment) -> bytes:
    """The notebook that students get, with the reference's code in it: what a perfect student hands in."""
    return notebook_bytes(student_cells(assignment, assignment.solution.read_text(encoding="utf-8")))


def with_slug(assignment: Assignment) -> str:
    """The assignment.toml with the slug in it, so that the checks work in a folder of any name.

    And with a digest of every body that is to be repaired: students have no other copy to see that they have begun.
    """
    config = (assignment.folder / "assignment.toml").read_text(encoding="utf-8")
    digests = body_digests(assignment.stub.read_text(encoding="utf-8"), to_repair(assignment.tasks))
    if digests:
        rows = [f'{name} = "{digest}"' for name, digest in digests.items()]
        config = "\n".join([config.rstrip("\n"), "", "[handout]", *rows, ""])
    if re.search(r"(?m)^slug\s*=", config):
        return config
    return f'slug = "{assignment.slug}"\n{config}'


def imported_extras(stub: str) -> list[str]:
    """Packages that the stub imports besides those that the checks need anyway."""
    known = ("torchvision", "matplotlib", "sklearn")
    names = {"sklearn": "scikit-learn"}
    return [names.get(name, name) for name in known if re.search(rf"(?m)^\s*(?:import|from) {name}\b", stub)]


def render(template: str, **values: Any) -> str:
    """A template of this package, filled in; an undefined name in it is an error."""
    return _environment().get_template(template).render(**values)


@lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(number=number, literal=repr)
    return environment
