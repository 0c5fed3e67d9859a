"""The zip, laid out as a grading container, from run_autograder to results.json and results.pkl."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from autograder.assignment import Assignment
from autograder.errors import UsageError, WorkerError
from autograder.grade import budget
from autograder.grade.classroom import empty_report
from autograder.platforms import container
from autograder.platforms.container import grade_container
from autograder.release.artefact import write_files
from autograder.release.grading import autograder_files
from autograder.results import GradeReport
from tests.platforms.gradescope.schema import RESULTS

HERE = Path(__file__).parent
BIN = Path(sys.executable).parent


def results_of(root: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((root / "results" / "results.json").read_text(encoding="utf-8"))
    RESULTS.validate(found)
    return found


@pytest.fixture
def root(tmp_path: Path, tiny: Assignment) -> Path:
    """A container's /autograder with the tiny assignment's zip in it."""
    write_files(tmp_path / "source", autograder_files(tiny))
    (tmp_path / "submission").mkdir()
    (tmp_path / "results").mkdir()
    return tmp_path


@pytest.fixture
def graded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Stands for the judge: full marks for everything, and a note of what was graded."""
    asked: list[str] = []

    def full_marks(assignment: Assignment, file: Any, publish: Any, budget: Any) -> GradeReport:
        asked.append(file.name)
        publish(empty_report(assignment, file.name, "incomplete"))
        tasks = tuple(type(task)(task.id, task.title, task.points, task.points) for task in assignment.tasks)
        return GradeReport(file.name, assignment.slug, assignment.title, "graded", tasks, score=6.0, max_score=6.0)

    monkeypatch.setattr(container, "grade_single", full_marks)
    return asked


def run_script(root: Path, script: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "AUTOGRADER_ROOT": str(root), "PATH": f"{BIN}:{os.environ['PATH']}"}
    environment |= {"AUTOGRADER_VENV": str(root / "none")}
    return subprocess.run(["bash", script], env=environment, cwd=root, capture_output=True, text=True, check=False)


def test_set_up_returns_at_once_where_everything_is_there(root: Path) -> None:
    done = run_script(root, "source/setup.sh")
    assert done.returncode == 0, done.stderr
    assert "has all that grading needs" in done.stdout
    assert not (root / "none").exists()


@pytest.mark.slow
def test_whatever_the_submission_does_there_are_valid_results(root: Path) -> None:
    (root / "submission" / "ada.py").write_text((HERE / "hostile.py").read_text())
    (root / "results" / "results.pkl").touch()
    done = run_script(root, "source/run_autograder")
    assert done.returncode == 0, done.stdout + done.stderr
    results = results_of(root)
    assert results["score"] == 0
    assert results["extra_data"]["status"] == "graded"
    assert results["execution_time"] > 0
    outcomes = {test["extra_data"]["outcome"] for test in results["tests"]}
    assert outcomes == {"error", "timed_out", "memory_exceeded"}
    assert not any("<script" in test["output"] or "<img src=x" in test["output"] for test in results["tests"])
    assert len(pickle.loads((root / "results" / "results.pkl").read_bytes()).results) == 2


def test_a_submission_in_time_has_its_points_and_the_leaderboard(root: Path, graded: list[str]) -> None:
    (root / "submission" / "tiny.py").write_text("")
    report = grade_container(root)
    results = results_of(root)
    assert graded == ["tiny"]
    assert report.score == results["score"] == 6
    assert results["leaderboard"] == [{"name": "Points", "value": 6.0, "order": "desc"}]
    assert not (root / "results" / "results.pkl").exists()


def test_a_late_submission_loses_its_share(root: Path, graded: list[str]) -> None:
    (root / "submission" / "tiny.py").write_text("")
    times = {"created_at": "2026-03-02T08:00:00+00:00", "assignment": {"due_date": "2026-03-02T00:00:00+00:00"}}
    (root / "submission_metadata.json").write_text(json.dumps(times))
    grade_container(root)
    assert results_of(root)["score"] == 3


def test_one_attempt_too_many_is_not_graded(root: Path, graded: list[str]) -> None:
    (root / "submission" / "tiny.py").write_text("")
    earlier = [{"score": 4.0}, {"score": 5.0}]
    (root / "submission_metadata.json").write_text(json.dumps({"previous_submissions": earlier}))
    grade_container(root)
    assert graded == []
    assert results_of(root)["score"] == 5
    assert "Your best score so far is kept." in results_of(root)["output"]


def test_several_files_are_one_submission(root: Path, graded: list[str]) -> None:
    for name in ("tiny.py", "helpers.py", "__init__.py"):
        (root / "submission" / name).write_text("")
    grade_container(root)
    assert graded == ["submission"]


def test_an_empty_submission_is_told_so(root: Path) -> None:
    report = grade_container(root)
    assert report.status == "unreadable"
    assert "it holds no module" in results_of(root)["output"]


def test_a_fault_of_the_grader_leaves_results_and_is_raised(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> GradeReport:
        raise WorkerError("no worker")

    (root / "submission" / "tiny.py").write_text("")
    monkeypatch.setattr(container, "grade_single", broken)
    with pytest.raises(WorkerError):
        grade_container(root)
    assert results_of(root)["extra_data"]["status"] == "internal_error"
    assert "no worker" not in json.dumps(results_of(root))


def test_a_judge_that_hangs_leaves_results_that_are_no_grade(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Gradescope would end the container, and all that it had found out would be lost."""
    ended: list[int] = []

    def hang(assignment: Assignment, file: Any, publish: Any, budget: Any) -> GradeReport:
        while not ended:
            time.sleep(0.01)
        raise SystemExit(3)

    (root / "submission" / "tiny.py").write_text("")
    monkeypatch.setenv("AUTOGRADER_CONTAINER_SECONDS", "0.2")
    monkeypatch.setattr(container, "grade_single", hang)
    monkeypatch.setattr(budget.os, "_exit", ended.append)
    with pytest.raises(SystemExit):
        grade_container(root)
    assert ended == [1]
    assert results_of(root)["extra_data"]["status"] == "internal_error"


def test_another_layout_is_explained(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not a course"):
        grade_container(tmp_path)
