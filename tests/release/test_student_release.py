"""What students get: complete, the same bytes every time, up to date in the repository, and without solutions."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from autograder.assignment import Assignment, Course
from autograder.checking.submitted import graded_names
from autograder.notebook.cells import join_cells
from autograder.notebook.needed import slice_notebook
from autograder.release import Files, build_release, nbgrader_files, student_files
from autograder.release.artefact import write_files
from autograder.release.grading import autograder_files, set_up_files
from autograder.release.leaks import find_leaks
from autograder.release.nbgrader_course import source_cells
from autograder.release.notebooks import Cell, notebook_bytes, script_cells
from autograder.release.student import student_cells
from autograder.release.wheel import wheel_bytes, wheel_name, wheel_path


def test_committed_releases_are_up_to_date(course: Course) -> None:
    release = build_release([course.assignment(slug) for slug in course.slugs], with_dist=False)
    assert release.stale(course) == [], "Refresh with `autograder release`."


def test_everything_is_built_twice_alike(small: Assignment, small_files: Files) -> None:
    assert student_files(small) == small_files
    assert autograder_files(small) == autograder_files(small)
    assert nbgrader_files(small) == nbgrader_files(small)
    assert wheel_bytes() == wheel_bytes()


def test_notebooks_are_valid_and_say_nothing_of_who_made_them(assignment: Assignment) -> None:
    raw = student_files(assignment)[f"{assignment.slug}.ipynb"]
    notebook = nbformat.reads(raw.decode(), as_version=4)
    nbformat.validate(notebook)
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    assert all(not cell.get("outputs") for cell in notebook.cells)


def test_the_id_of_a_cell_depends_on_its_own_content_only() -> None:
    def ids(source: str) -> list[str]:
        return [cell["id"] for cell in json.loads(notebook_bytes(script_cells(source)))["cells"]]

    before = ids("# %%\na = 1\n\n# %%\nb = 2\n")
    after = ids("# %%\nnew = 0\n\n# %%\na = 1\n\n# %%\nb = 2\n\n# %%\nb = 2\n")
    assert after[1:3] == before
    assert after[3] not in before


def test_every_task_has_its_check_after_its_last_function(assignment: Assignment) -> None:
    notebook = nbformat.reads(student_files(assignment)[f"{assignment.slug}.ipynb"].decode(), as_version=4)
    sources = [cell.source for cell in notebook.cells]
    for task in assignment.tasks:
        before = sources[sources.index(f'grader.check("{task.id}")') - 1]
        assert "grader.check" in before or any(f" {name}" in before for name in task.functions or [""])


@pytest.mark.parametrize("cells_of", [lambda one: student_cells(one, one.stub.read_text()), source_cells])
def test_the_notebook_as_handed_out_earns_no_remark(
    assignment: Assignment, cells_of: Callable[[Assignment], list[Cell]]
) -> None:
    """Students hear of statements of theirs that the judge leaves out, not of the release's own."""
    code = [cell["source"] for cell in cells_of(assignment) if cell["cell_type"] == "code"]
    found = slice_notebook(join_cells(code)[0], "work.ipynb", graded_names(assignment))
    assert (found.left_out, found.broken) == ([], [])


def test_the_notebook_saved_as_a_module_is_python(assignment: Assignment) -> None:
    cells = student_cells(assignment, assignment.stub.read_text(encoding="utf-8"))
    code = "\n\n".join(cell["source"] for cell in cells if cell["cell_type"] == "code")
    compile(code, "work.py", "exec", dont_inherit=True)


def test_no_line_of_a_solution_is_in_what_students_get(assignment: Assignment) -> None:
    """The plain way, beside the proof by tokens: no line of a body, unless the stub or a public check has it."""
    files = student_files(assignment)
    public = {
        line.strip().lstrip("# ")
        for path in (assignment.stub, assignment.public_tests)
        for line in path.read_text(encoding="utf-8").splitlines()
    }
    harmless = ("#", '"', "import", "from", "@pytest.mark.parametrize")
    secret = {
        line.strip()
        for path in (assignment.solution, assignment.hidden_tests)
        for line in path.read_text(encoding="utf-8").splitlines()
        if len(line.strip()) > 24 and not line.strip().startswith(harmless)
    } - public
    for path, content in files.items():
        found = [line for line in secret if line in content.decode()]
        assert found == [], path


@pytest.mark.parametrize("name", ["README.md", "tests/1.py", "polynomial_regression.ipynb"])
def test_a_leak_is_found_and_named(small: Assignment, small_files: Files, name: str) -> None:
    stolen = (
        "loss.backward()\nwith torch.no_grad():\n"
        "    for parameter in (a, b, c):\n        parameter -= learning_rate * parameter.grad\n"
    )
    content = small_files[name].decode()
    if name.endswith(".ipynb"):
        notebook = json.loads(content)
        notebook["cells"][3]["source"] = stolen.splitlines(keepends=True)
        content = json.dumps(notebook)
    else:
        content += stolen
    (leak,) = find_leaks(small, {**small_files, name: content.encode()})
    assert leak.startswith(f"{name}, line ")
    assert "`regression_polynomial_second_order_via_gradient` in polynomial_regression.py" in leak


def test_a_hidden_check_is_found_by_its_reformatted_text(small: Assignment, small_files: Files) -> None:
    source = small.hidden_tests.read_text(encoding="utf-8")
    start = source.index("def test_manual_contracts_as_theory_says")
    stolen = " ".join(source[start : start + 900].split())
    (leak,) = find_leaks(small, {**small_files, "README.md": stolen.encode()})
    assert "is from test_hidden.py" in leak


def test_the_package_itself_is_named_by_its_file_and_never_asked_of_an_index(assignment: Assignment) -> None:
    """A stranger may take its name on an index: pip would install the stranger's package there."""
    files = student_files(assignment)
    assert f"./{wheel_path()}" in files["requirements.txt"].decode().splitlines()
    name = re.compile(r"torch[-_.]+autograder(?![-_.\w]*\.whl)", re.IGNORECASE)
    for made in (files, autograder_files(assignment), set_up_files([assignment])):
        for path in {"requirements.txt", "setup.sh", "environment.yml"} & made.keys():
            asked = [line for line in made[path].decode().splitlines() if not line.lstrip().startswith("#")]
            assert [line for line in asked if name.search(line)] == [], path


def test_a_written_folder_holds_the_wheel_and_a_fresh_clone_says_that_it_does_not(
    small: Assignment, tmp_path: Path
) -> None:
    release = build_release([small])
    course = Course(tmp_path)
    release.write(course, tmp_path / "dist")
    folder = tmp_path / "release" / small.slug
    assert (folder / wheel_path()).read_bytes() == wheel_bytes()
    assert release.stale(course) == [] and release.unbuilt(course) == []
    shutil.rmtree(folder / "wheels")
    assert release.stale(course) == [], "the wheel is not committed"
    (lack,) = release.unbuilt(course)
    assert lack == f"release/{small.slug}/wheels/ does not hold {wheel_name()} yet"


def test_the_first_requirement_installs_without_an_index(small: Assignment, tmp_path: Path) -> None:
    write_files(tmp_path, student_files(small) | {wheel_path(): wheel_bytes()})
    (ours,) = [line for line in (tmp_path / "requirements.txt").read_text().splitlines() if line.endswith(".whl")]
    options = ("--quiet", "--no-index", "--no-deps", "--disable-pip-version-check", "--target", "installed")
    command = [sys.executable, "-m", "pip", "install", *options, ours]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=300)
    assert (tmp_path / "installed" / "autograder" / "__init__.py").is_file()
