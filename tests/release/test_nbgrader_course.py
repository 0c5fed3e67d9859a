"""The nbgrader course: what it is made of, and what nbgrader itself makes of it."""

from __future__ import annotations

import ast
import copy
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from autograder.assignment import Assignment
from autograder.errors import GraderError
from autograder.pairs import blanks, pair_problems
from autograder.release.artefact import write_files
from autograder.release.checks import read_checks
from autograder.release.leaks import find_leaks
from autograder.release.nbgrader_course import course_files, nbgrader_files, source_cells

pytest.importorskip("nbgrader", exc_type=ImportError)


def test_the_points_of_the_cells_are_those_of_the_assignment(assignment: Assignment) -> None:
    points = [cell["metadata"]["nbgrader"].get("points", 0) for cell in source_cells(assignment) if cell["metadata"]]
    assert sum(points) == pytest.approx(assignment.max_score)


def test_solution_regions_make_the_reference_whole(assignment: Assignment) -> None:
    """The filled cells are the solution: a pair with the stub, without a blank."""
    filled = "\n\n".join(cell["source"] for cell in source_cells(assignment) if _is_part_of_the_module(cell))
    stub = assignment.stub.read_text(encoding="utf-8")
    assert blanks(filled) == []
    assert pair_problems(stub, filled) == []


def test_regions_hold_what_the_solution_adds(tiny: Assignment) -> None:
    env: dict[str, Any] = {"__name__": "filled"}
    exec("\n\n".join(cell["source"] for cell in source_cells(tiny) if _is_part_of_the_module(cell)), env)
    assert env["count"](3) == [0, 2, 4]
    assert env["double"](4) == 8


def test_hidden_cells_are_empty_for_students_and_public_ones_are_not(tiny: Assignment) -> None:
    for cell in source_cells(tiny):
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        if grade_id.endswith("-hidden"):
            first, *rest = cell["source"].splitlines()
            assert first.startswith("# Hidden checks of task")
            assert (rest[0], rest[-1]) == ("### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS")
        elif grade_id.endswith("-public"):
            assert isinstance(ast.parse(cell["source"]).body[-1], ast.Expr)


def _is_part_of_the_module(cell: dict[str, Any]) -> bool:
    is_test = cell["metadata"].get("nbgrader", {}).get("grade", False)
    return cell["cell_type"] == "code" and not is_test


# What nbgrader does, on one submission of the tiny course


@pytest.fixture(scope="module")
def api(tiny: Assignment, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """nbgrader on a fresh course, with the assignment generated."""
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import PyFileConfigLoader

    root = tmp_path_factory.mktemp("course")
    write_files(root, nbgrader_files(tiny) | course_files([tiny]))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        patch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")  # it runs alembic
        config = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
        patch.setenv("AUTOGRADER_COURSE", str(root / "course"))
        api = NbGraderAPI(config=config)
        api.root = root
        done = api.generate_assignment("tiny")
        assert done["success"], done.get("error")
        yield api


@pytest.fixture(scope="module")
def mixed(api: Any) -> Path:
    """A submission with task 1 wrong, and one length of task 2.1; it also writes on stderr while it is imported."""
    source, release = (
        json.loads((api.root / part / "tiny" / "tiny.ipynb").read_text()) for part in ("source", "release")
    )
    solved = {_id(cell): "".join(cell["source"]) for cell in source["cells"]}
    notebook = copy.deepcopy(release)
    for cell in notebook["cells"]:
        if _id(cell).startswith("solution-"):
            text = solved[_id(cell)].replace("return _FACTOR * x", "return x")
            cell["source"] = text.replace("return _evens(n)", "return _evens(n) if n != 2 else []")
    notebook["cells"].insert(1, {**copy.deepcopy(notebook["cells"][1]), "id": "feedface"})
    notebook["cells"][1]["source"] = "import sys\nprint('noise', file=sys.stderr)"
    return hand_in(api, "ada", notebook)


def hand_in(api: Any, student: str, notebook: dict[str, Any]) -> Path:
    folder: Path = api.root / "submitted" / student / "tiny"
    shutil.copytree(api.root / "release" / "tiny", folder)
    (folder / "tiny.ipynb").write_text(json.dumps(notebook))
    return folder / "tiny.ipynb"


def _id(cell: dict[str, Any]) -> str:
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.slow
def test_nothing_leaks_into_the_version_of_students(api: Any, tiny: Assignment) -> None:
    folder = api.root / "release" / "tiny"
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(files) == {"tiny.ipynb", "test_public.py", "assignment.toml"}
    assert find_leaks(tiny, files) == []
    assert len(blanks(_code(folder / "tiny.ipynb"))) == 3


@pytest.mark.filterwarnings("ignore")
@pytest.mark.slow
def test_scores_are_the_judges_and_reach_feedback_and_export(api: Any, mixed: Path) -> None:
    from nbgrader.apps import ExportApp
    from nbgrader.plugins import CsvExportPlugin

    done = api.autograde("tiny", "ada")
    assert done["success"], done["log"]
    with api.gradebook as gradebook:
        notebook = gradebook.find_submission_notebook("tiny", "tiny", "ada")
        scores = {grade.cell.name: (grade.auto_score, grade.max_score) for grade in notebook.grades}
        assert scores == {
            "task-1-correctness-public": (0, 1),
            "task-1-convergence-hidden": (0, 1),
            "task-2-1-correctness-public": (1, 1),
            "task-2-1-correctness-hidden": (2, 3),
        }
        exporter = CsvExportPlugin(parent=ExportApp())
        exporter.to = str(api.root / "grades.csv")
        exporter.export(gradebook)
    assert "tiny,,,ada" in (api.root / "grades.csv").read_text()
    done = api.generate_feedback("tiny", "ada")
    assert done["success"], done["log"]
    assert "count(2) is not right." in (api.root / "feedback" / "ada" / "tiny" / "tiny.html").read_text()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.slow
def test_nothing_of_a_submission_runs_outside_the_sandbox(api: Any, mixed: Path) -> None:
    """Not its cells, which could end the kernel, nor a file beside it that is named like this package."""
    canary = api.root / "ran"
    notebook = json.loads(mixed.read_text())
    mark = f"try:\n    open({str(canary)!r}, 'w').close()\nexcept OSError:\n    pass\n"
    notebook["cells"][1]["source"] = mark
    notebook["cells"][-1]["source"] = "public_points = lambda *_: 9"  # locked: nbgrader puts the course's text back
    notebook["cells"].append(
        {**copy.deepcopy(notebook["cells"][1]), "id": "deadbeef", "source": "import os; os._exit(0)"}
    )
    path = hand_in(api, "eve", notebook)
    (path.parent / "autograder.py").write_text(mark)
    done = api.autograde("tiny", "eve")
    assert done["success"], done["log"]
    with api.gradebook as gradebook:
        assert gradebook.find_submission_notebook("tiny", "tiny", "eve").score == 3
    assert not canary.exists()


def test_a_test_cell_of_somebody_else_is_no_full_mark() -> None:
    from nbformat.v4 import new_code_cell, new_notebook

    from autograder.platforms.nbgrader.preprocessor import AskTheJudge

    about = {"grade": True, "solution": False, "grade_id": "mine", "points": 1}
    notebook = new_notebook(cells=[new_code_cell("assert f(1) == 2", metadata={"nbgrader": about})])
    with pytest.raises(GraderError, match="The test cell 'mine' is not one that `autograder release` makes"):
        AskTheJudge().preprocess(notebook, {"metadata": {"path": "."}})


@pytest.mark.filterwarnings("ignore")
@pytest.mark.slow
def test_students_can_validate(api: Any, mixed: Path) -> None:
    from nbgrader.validator import Validator

    failed = Validator().validate(str(mixed))["failed"]
    assert ["public_points" in cell["source"] for cell in failed] == [True]
    assert "Partial credit" in failed[0]["raw_error"]


def _code(path: Path) -> str:
    cells = json.loads(path.read_text())["cells"]
    return "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")


def test_read_checks_agrees_with_the_marker(tiny: Assignment) -> None:
    first, second = read_checks(tiny.public_tests)
    assert (first.name, first.task, first.points, first.category) == ("test_double", "1", 1.0, "correctness")
    assert second.title == "The even numbers are counted."
