"""An nbgrader course: source notebooks with solution regions, public and hidden tests, points.

Two test cells follow each task and category: the public checks, which students can run, and the hidden ones, whose
cell is empty in the student's version. Each ends in one number, the points earned, which nbgrader takes as partial
credit. When nbgrader grades, both numbers come from the judge, which runs beside the kernel: see docs/platforms.md.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Sequence
from typing import TypeAlias

from autograder.assignment import Assignment
from autograder.bridge.speed import MOST
from autograder.errors import AssignmentError
from autograder.pairs import blanks
from autograder.release.artefact import Files, below, folder_files, text
from autograder.release.checks import CheckSource, read_checks
from autograder.release.notebooks import Cell, code_cell, last_cells, notebook_bytes, script_cells
from autograder.release.student import render, with_slug
from autograder.results import CATEGORIES

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
_HIDDEN = "# Hidden checks of task {task} ({category}): they run when your notebook is graded.\n"
_Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


def nbgrader_files(assignment: Assignment) -> Files:
    """The assignment's part of the course: its source folder, and what the judge grades with."""
    slug = assignment.slug
    source: Files = {
        f"{slug}.ipynb": notebook_bytes(source_cells(assignment)),
        "test_public.py": text(assignment.public_tests.read_text(encoding="utf-8")),
        "assignment.toml": text(with_slug(assignment)),
    }
    graded = below("assignments", below(slug, folder_files(assignment.folder, "*.py", "*.toml")))
    graded |= below("solutions", below(slug, folder_files(assignment.solution.parent, "*.py")))
    return below(f"source/{slug}", source) | below("course", graded)


def course_files(assignments: Sequence[Assignment]) -> Files:
    """What the course has once: its configuration."""
    seconds = max((int(_slowest(assignment)) for assignment in assignments), default=600)
    return {"nbgrader_config.py": text(render("nbgrader_config.py.j2", assignments=assignments, seconds=seconds))}


def source_cells(assignment: Assignment) -> list[Cell]:
    """The stub's cells with solutions in regions, and the test cells of each task after it."""
    stub = assignment.stub.read_text(encoding="utf-8")
    solution = assignment.solution.read_text(encoding="utf-8")
    bodies = solution_bodies(stub, solution)
    cells = script_cells(stub)
    checked = last_cells(assignment, cells)
    public, hidden = read_checks(assignment.public_tests), read_checks(assignment.hidden_tests)
    woven: list[Cell] = []
    for index, cell in enumerate(cells):
        woven.append(_solved(cell, bodies))
        for task in checked.get(index, []):
            woven += _test_cells(task.id, public, hidden)
    _expect_unique_ids(woven, assignment)
    return woven


def solution_bodies(stub: str, solution: str) -> dict[str, str]:
    """Blank to the lines of its solution's body, not indented; private additions that it uses come first.

    A region can stand inside a function only: what nbgrader leaves of it raises NotImplementedError.
    """
    empty = {blank.name for blank in blanks(stub)}
    tree = ast.parse(solution)
    lines = solution.split("\n")
    additions = _additions(tree, stub, lines)
    bodies = {}
    for name, node in _functions(tree.body):
        if name in empty:
            body = _body(node, lines)
            used = _used(body, additions)
            bodies[name] = "\n".join([*(additions[one] for one in used), body])
    return bodies


def _solved(cell: Cell, bodies: dict[str, str]) -> Cell:
    """The cell with the body of each of its blanks in a solution region; unchanged where it has none."""
    if cell["cell_type"] != "code":
        return cell
    source: str = cell["source"]
    lines = source.split("\n")
    found = [(name, node) for name, node in _functions(ast.parse(source).body) if name in bodies]
    for name, node in reversed(found):
        blank = node.body[-1]
        indent = " " * blank.col_offset
        region = f"{BEGIN}\n{bodies[name]}\n{END}"
        lines[blank.lineno - 1 : blank.end_lineno] = textwrap.indent(region, indent).split("\n")
    if not found:
        return cell
    return code_cell("\n".join(lines), nbgrader=_metadata(f"solution-{found[0][0].replace('.', '-')}", solution=True))


def _test_cells(task: str, public: list[CheckSource], hidden: list[CheckSource]) -> list[Cell]:
    cells = []
    for kind, checks in (("public", public), ("hidden", hidden)):
        for category in CATEGORIES:
            points = sum(check.points for check in checks if check.task == task and check.category == category)
            if points:
                grade_id = f"task-{re.sub(r'[^A-Za-z0-9]', '-', task)}-{category}-{kind}"
                metadata = _metadata(grade_id, grade=True, locked=True, points=round(points, 4))
                cells.append(code_cell(_test_source(task, category, kind), nbgrader=metadata))
    return cells


def _test_source(task: str, category: str, kind: str) -> str:
    ask = f'from autograder.nbgrader import {kind}_points\n\n{kind}_points("{task}", "{category}")'
    if kind == "public":
        return ask
    hidden = _HIDDEN.format(task=task, category=category)
    return f"{hidden}### BEGIN HIDDEN TESTS\n{ask}\n### END HIDDEN TESTS"


def _metadata(grade_id: str, **given: object) -> dict[str, object]:
    return {
        "schema_version": 3,
        "grade_id": grade_id,
        "grade": False,
        "solution": False,
        "locked": False,
        "task": False,
        "cell_type": "code",
        **given,
    }


def _functions(body: Sequence[ast.stmt], prefix: str = "") -> list[tuple[str, _Function]]:
    found: list[tuple[str, _Function]] = []
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.append((prefix + node.name, node))
        elif isinstance(node, ast.ClassDef):
            found += _functions(node.body, f"{prefix}{node.name}.")
    return found


def _body(node: _Function, lines: list[str]) -> str:
    """The text of a function after its docstring, comments between its statements included."""
    statements = node.body
    start = statements[0].lineno
    if ast.get_docstring(node) is not None:
        start = (statements[0].end_lineno or start) + 1
    return textwrap.dedent("\n".join(lines[start - 1 : node.end_lineno])).strip("\n")


def _additions(tree: ast.Module, stub: str, lines: list[str]) -> dict[str, str]:
    """Private names and imports that only the solution has, with their text."""
    shared = {name for node in ast.parse(stub).body for name in _bound(node)}
    found = {}
    for node in tree.body:
        first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))])
        source = "\n".join(lines[first - 1 : node.end_lineno])
        for name in _bound(node):
            if name not in shared:
                found[name] = source
    return found


def _bound(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {(alias.asname or alias.name).split(".")[0] for alias in node.names} - {"annotations"}
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return {part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)}
    return set()


def _used(body: str, additions: dict[str, str]) -> list[str]:
    """The additions that the text needs, directly or through others, in the solution's order, each text once."""
    wanted: set[str] = set()
    pending = [body]
    while pending:
        words = set(re.findall(r"[^\W\d]\w*", pending.pop()))
        new = [name for name in additions if name in words and name not in wanted]
        wanted.update(new)
        pending += [additions[name] for name in new]
    texts: dict[str, str] = {}
    for name in additions:
        if name in wanted:
            texts.setdefault(additions[name], name)
    return list(texts.values())


def _slowest(assignment: Assignment) -> float:
    """Seconds that one grading may take: every notebook asks the judge once, in the first of its test cells."""
    limits = assignment.limits
    # A slow machine gives so many times the limits.
    return MOST * (limits.load_seconds + 20 * max([limits.call_seconds, *limits.seconds_for.values()])) + 120


def _expect_unique_ids(cells: Sequence[Cell], assignment: Assignment) -> None:
    ids = [cell["metadata"]["nbgrader"]["grade_id"] for cell in cells if "nbgrader" in cell["metadata"]]
    repeated = sorted({one for one in ids if ids.count(one) > 1})
    if repeated:
        raise AssignmentError(
            f"{assignment.slug}: two cells of the nbgrader notebook have the grade id {repeated[0]!r}."
        )
