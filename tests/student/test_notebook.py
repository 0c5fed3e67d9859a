"""`autograder.check` on live functions, as text and as HTML."""

from __future__ import annotations

import linecache
import random
from pathlib import Path
from typing import Any

import pytest
import torch

import autograder
from autograder.assignment import Assignment
from autograder.errors import UsageError
from autograder.student.notebook import Feedback, PublicChecks

CELL = "/tmp/ipykernel_1/2345678.py"


def run_cell(source: str, name: str = CELL) -> dict[str, Any]:
    """The names that a cell defines, with its text where Jupyter leaves it."""
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    env: dict[str, Any] = {"__name__": "live_notebook"}
    exec(compile(source, name, "exec"), env)
    return env


@pytest.fixture
def reference_env(small: Assignment) -> dict[str, Any]:
    return run_cell(small.solution.read_text(encoding="utf-8"))


def test_the_reference_passes(
    reference_env: dict[str, Any], release_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(release_folder)
    done = autograder.check("1", env=reference_env)
    assert done.passed
    assert autograder.check(1, env=reference_env).passed
    assert repr(done).endswith("2 of 2 checks passed.")
    assert "All 2 checks passed." in done._repr_html_()


def test_the_stub_fails_kindly(small: Assignment, release_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(release_folder)
    done = autograder.check(env=run_cell(small.stub.read_text(encoding="utf-8")))
    assert {one.task for one in done.checks} == {"1", "2", "3", "4"}
    assert all("is not implemented yet." in one.feedback for one in done.checks)
    assert not done.passed


def test_an_empty_notebook_is_told_what_is_missing(release_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(release_folder)
    done = autograder.check("1", env={"__name__": "live_notebook"})
    assert not done.passed
    assert all("was not found" in one.feedback for one in done.checks)


def test_an_error_names_the_line_of_the_cell(release_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(release_folder)
    env = run_cell("def regression_polynomial_second_order(x, y):\n    n = 0\n    return len(y[:n].nothing)\n")
    done = autograder.check("1", env=env)
    assert "on line 3 of its cell" in repr(done)
    assert "return len(y[:n].nothing)" in repr(done)


def test_a_finding_about_gradients_says_the_line_of_its_cell_with_its_text(
    small: Assignment, release_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(release_folder)
    source = (
        "import torch\n"
        "def regression_polynomial_second_order_via_gradient(x, y, learning_rate=1e-2, num_iterations=9):\n"
        "    a, b, c = (torch.zeros((), requires_grad=True) for _ in range(3))\n"
        "    for _ in range(num_iterations):\n"
        "        loss = ((a + b * x + c * x**2 - y) ** 2).mean()\n"
        "        loss.backward()\n"
        "        with torch.no_grad():\n"
        "            for p in (a, b, c):\n"
        "                p -= learning_rate * p.grad\n"
        "    return a.item(), b.item(), c.item(), loss.item()\n"
    )
    env = run_cell(small.stub.read_text(encoding="utf-8")) | run_cell(source, "/tmp/ipykernel_1/99.py")
    done = autograder.check("3", env=env)
    (found,) = (one for check in done.checks for one in check.diagnostics)
    assert (found.code, found.line, found.place) == ("GH101", 6, "line 6 of its cell")
    assert "Line 6 of its cell (`loss.backward()`): " in repr(done)
    assert "after the update on line 9 of its cell." in found.message
    assert "Line 6 of its cell (<code>loss.backward()</code>): " in done._repr_html_()


def test_what_hangs_is_stopped_and_the_notebook_goes_on(
    small: Assignment, release_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(release_folder)
    path = release_folder / "assignment.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("call_seconds = 10", "call_seconds = 0.3"))
    env = run_cell("def regression_polynomial_second_order(x, y):\n    n = 0\n    while True:\n        n += 1\n")
    done = autograder.check("1", env=env)
    assert "used more than 0.3 seconds of processor time and was stopped in the loop on line 3 of its cell" in repr(
        done
    )
    assert "    while True:" in repr(done)
    path.write_text(path.read_text(encoding="utf-8").replace("call_seconds = 0.3", "call_seconds = 10"))
    text = small.solution.read_text(encoding="utf-8")
    assert autograder.check("1", env=run_cell(text)).passed


def test_what_a_students_code_says_is_never_markup(release_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(release_folder)
    env = run_cell("def regression_polynomial_second_order(x, y):\n    raise ValueError('<script>alert(1)</script>')\n")
    html = autograder.check("1", env=env)._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_the_notebook_is_left_as_it_was(
    reference_env: dict[str, Any], release_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(release_folder)
    torch.manual_seed(5)
    random.seed(5)
    before = torch.get_rng_state(), random.getstate()
    autograder.check("1", env=reference_env)
    assert torch.equal(torch.get_rng_state(), before[0])
    assert random.getstate() == before[1]


def test_wrong_places_and_tasks_are_explained(
    release_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=r"test_public\.py and assignment\.toml must lie beside the notebook"):
        autograder.check("1", env={})
    monkeypatch.chdir(release_folder)
    for task in ("9", 9):
        with pytest.raises(UsageError, match="There is no task '9'; the tasks are 1, 2, 3, 4"):
            autograder.check(task, env={})
    with pytest.raises(UsageError, match="Write the number of the task in quotes"):
        autograder.check(1.1, env={})  # type: ignore[arg-type]


def test_the_otter_files_run_the_same_checks(
    reference_env: dict[str, Any], small: Assignment, release_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    test_files = pytest.importorskip("otter.test_files", exc_type=ImportError)
    from otter.nbmeta_config import NBMetadataConfig

    monkeypatch.chdir(release_folder)
    right = test_files.create_test_file("tests/1.py", NBMetadataConfig())
    right.run(reference_env)
    assert (right.name, right.score, right.possible, right.passed_all) == ("1", 1.5, 1.5, True)
    blank = test_files.create_test_file("tests/1.py", NBMetadataConfig())
    blank.run(run_cell(small.stub.read_text(encoding="utf-8")))
    assert blank.score == 0
    assert "`regression_polynomial_second_order` is not implemented yet." in blank.summary()


def test_a_check_that_is_gone_is_no_pass(
    reference_env: dict[str, Any], release_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(release_folder)
    with pytest.raises(Feedback, match="test_of_yesterday is missing"):
        PublicChecks("1").expect("test_of_yesterday", reference_env)
