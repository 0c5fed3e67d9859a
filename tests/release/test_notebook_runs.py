"""The release notebook in a fresh kernel, as a student runs it: with Otter, and without."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder.assignment import Assignment
from autograder.release import student_files
from autograder.release.artefact import write_files
from autograder.release.nbgrader_course import BEGIN, END, source_cells

nbclient = pytest.importorskip("nbclient", exc_type=ImportError)
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]
WITHOUT_OTTER = "import sys\nsys.modules['otter'] = None"


def release_notebook(assignment: Assignment, folder: Path) -> Any:
    write_files(folder, student_files(assignment))
    return nbformat.read(folder / f"{assignment.slug}.ipynb", as_version=4)


def paste_solution(notebook: Any, assignment: Assignment) -> None:
    """Fills the blanks of the notebook with the reference."""
    filled = [cell["source"] for cell in source_cells(assignment) if BEGIN in cell["source"]]
    blank = [cell for cell in notebook.cells if "raise NotImplementedError" in cell.source and cell.cell_type == "code"]
    assert len(filled) == len(blank)
    for cell, source in zip(blank, filled, strict=True):
        cell.source = "\n".join(line for line in source.splitlines() if line.strip() not in (BEGIN, END))


def run(notebook: Any, folder: Path) -> list[Any]:
    """The outputs of the cells with checks."""
    nbclient.NotebookClient(
        notebook, timeout=600, allow_errors=True, resources={"metadata": {"path": str(folder)}}
    ).execute()
    return [output for cell in notebook.cells if cell.source.startswith("grader.check") for output in cell.outputs]


def shown(outputs: list[Any]) -> list[str]:
    return [output.get("data", {}).get("text/plain", str(output)) for output in outputs]


@pytest.mark.parametrize("which", ["tiny", "small"])
def test_with_the_reference_every_check_passes_in_otter(
    which: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    pytest.importorskip("otter", exc_type=ImportError)
    assignment: Assignment = request.getfixturevalue(which)
    notebook = release_notebook(assignment, tmp_path)
    paste_solution(notebook, assignment)
    outputs = run(notebook, tmp_path)
    assert {output.output_type for output in outputs} == {"execute_result"}
    assert shown(outputs) == [f"{task.id} results: All test cases passed!" for task in assignment.tasks]
    assert not any(output.output_type == "error" for cell in notebook.cells for output in cell.get("outputs", []))


def test_with_the_stub_every_check_fails_kindly_without_otter(tiny: Assignment, tmp_path: Path) -> None:
    notebook = release_notebook(tiny, tmp_path)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(WITHOUT_OTTER))
    outputs = run(notebook, tmp_path)
    first, second = shown(outputs)
    assert "`double` is not implemented yet." in first
    assert "`count` is not implemented yet." in second
    assert "Traceback" not in first + second
    assert all("text/html" in output.data for output in outputs)
