"""What ``autograder grade`` says of earlier results, of being stopped, and of folders that it cannot use."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from autograder.assignment import Assignment
from autograder.cli import main
from autograder.grade.class_folder import claimed
from autograder.results import GradeReport

Grade = Callable[..., tuple[int, str, str]]


@pytest.fixture
def grade(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    tiny_course: Path,
    quick_judges: Any,
) -> Grade:
    """Writes the class, where one is given, and grades it in this process; (exit code, stdout, stderr)."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUTOGRADER_COURSE", str(tiny_course))
    monkeypatch.setenv("COLUMNS", "120")

    def run(points: dict[str, int], *options: str) -> tuple[int, str, str]:
        quick_judges.graded.clear()
        handed_in = tmp_path / "class"
        handed_in.mkdir(exist_ok=True)
        for path in handed_in.glob("*.py") if points else ():
            path.unlink()
        for name, score in points.items():
            (handed_in / f"{name}.py").write_text(str(score))
        monkeypatch.setattr(sys, "argv", ["autograder", "grade", "tiny", "class", *options])
        with pytest.raises(SystemExit) as done:
            main()
        printed = capsys.readouterr()
        return (done.value.code or 0), printed.out, printed.err

    return run


CLASS = {"ada": 5, "bo": 3, "cy": 1}


def test_one_regraded_file_joins_the_class(grade: Grade, quick_judges: Any) -> None:
    assert grade(CLASS)[0] == 0
    code, out, error = grade({"bo": 4})
    assert (code, error) == (0, "")
    assert quick_judges.graded == ["bo"]
    lines = out.splitlines()
    assert "Merged into 3 results already in grades: 1 replaced; --fresh starts anew." in lines
    assert "3 submissions · mean 67% · median 80% · 1 with full marks" in lines
    assert [line.split()[0] for line in lines if " / 5 " in line] == ["ada", "bo", "cy"]


def test_a_second_run_grades_what_changed_and_says_what_it_kept(grade: Grade, quick_judges: Any) -> None:
    grade(CLASS)
    _, out, _ = grade(CLASS | {"dee": 2})
    assert quick_judges.graded == ["dee"]
    assert "3 of 4 kept from before, unchanged; 1 to grade." in out.splitlines()
    assert "Merged" not in out
    _, out, _ = grade(CLASS | {"dee": 2}, "--resume")
    assert quick_judges.graded == []
    assert "4 of 4 kept from before, unchanged; 0 to grade (--regrade grades all of them again)." in out.splitlines()
    _, out, _ = grade(CLASS, "--regrade")
    assert quick_judges.graded == ["ada", "bo", "cy"]
    assert "kept" not in out


def test_fresh_starts_anew(grade: Grade, quick_judges: Any, tmp_path: Path) -> None:
    grade(CLASS)
    _, out, _ = grade({"bo": 3}, "--fresh")
    assert quick_judges.graded == ["bo"]
    assert "Started anew: 3 earlier results removed from grades." in out.splitlines()
    assert [path.name for path in (tmp_path / "grades" / "results").iterdir()] == ["bo.json"]


@pytest.mark.parametrize(
    ("options", "without"), [((), ""), (("--regrade",), " without --regrade"), (("--fresh",), " without --fresh")]
)
def test_a_stopped_run_says_what_is_done(
    grade: Grade, quick_judges: Any, options: tuple[str, ...], without: str
) -> None:
    quick_judges.stop_before = 2
    code, out, error = grade(CLASS, *options)
    assert code == 130
    assert error == f"Stopped: 2 of 3 done and written to grades. Run the same command again{without} to go on.\n"
    assert "Gradebook" not in out
    quick_judges.stop_before = None
    _, out, _ = grade(CLASS)
    assert quick_judges.graded == ["cy"]
    assert "2 of 3 kept from before, unchanged; 1 to grade." in out.splitlines()


def test_a_run_that_is_stopped_at_once(grade: Grade, quick_judges: Any, tmp_path: Path) -> None:
    quick_judges.stop_before = 0
    assert grade(CLASS)[::2] == (130, "Stopped: nothing new was graded. Run the same command again to go on.\n")
    assert not (tmp_path / "grades" / "grades.csv").exists()


def test_results_among_the_submissions_are_no_submission(grade: Grade, tmp_path: Path, quick_judges: Any) -> None:
    grade(CLASS, "--out", "class/grades")
    (tmp_path / "class" / "dee").mkdir()
    (tmp_path / "class" / "dee" / "tiny.py").write_text("2")
    quick_judges.graded.clear()
    code, out, _ = grade({}, "--out", "class/grades")
    assert code == 0
    assert out.startswith("class/grades holds results of autograder and is not taken for a submission.\n")
    assert "3 of 4 kept from before, unchanged; 1 to grade." in out


@pytest.mark.parametrize("has_store", [True, False])
def test_results_in_the_class_folder_itself_are_nobodys(
    grade: Grade, tmp_path: Path, quick_judges: Any, has_store: bool
) -> None:
    grade(CLASS | {"cy (1)": 2}, "--out", "class")
    if not has_store:
        (tmp_path / "class" / "kept.sqlite").unlink()
    code, out, _ = grade({}, "--out", "class")
    assert code == 0
    assert out.startswith("class holds results of autograder, too, which are not taken for submissions.\n")
    rows = (tmp_path / "class" / "grades.csv").read_text().splitlines()[1:]
    assert [row.split(",")[0] for row in rows] == ["ada", "bo", "cy"]
    assert "Not graded" not in out


def test_one_students_folder_may_hold_the_results(grade: Grade, tmp_path: Path) -> None:
    for _ in range(2):
        code, out, _ = grade({"tiny": 4}, "--out", "class")
        assert code == 0 and "Not graded" not in out
    rows = (tmp_path / "class" / "grades.csv").read_text().splitlines()[1:]
    assert [row.split(",")[:3] for row in rows] == [["class", "graded", "4"]]


def test_results_that_were_given_are_no_submission(grade: Grade) -> None:
    grade(CLASS)
    code, out, _ = grade({"ada": 5}, "grades")
    assert code == 0
    assert out.startswith("grades holds results of autograder and is not taken for a submission.\n")


def test_what_was_not_graded_is_said_again_below_the_table(grade: Grade, tmp_path: Path) -> None:
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "[ada].docx").write_text("")
    _, out, _ = grade(CLASS)
    lines, notice = out.splitlines(), "Not graded in 'class': [ada].docx."
    assert lines.count(notice) == 2
    last = max(number for number, line in enumerate(lines) if line == notice)
    assert any(line.startswith("3 submissions") for line in lines[:last])
    assert "Not graded in &#39;class&#39;: [ada].docx." in (tmp_path / "grades" / "index.html").read_text()


def test_two_runs_at_once(grade: Grade, tmp_path: Path) -> None:
    (tmp_path / "grades").mkdir()
    with claimed(tmp_path / "grades"):
        assert grade(CLASS)[::2] == (
            2,
            "Error: Another autograder is writing to grades at this moment. "
            "Wait until it has ended, or name another folder with --out.\n",
        )


def test_a_folder_that_cannot_be_written_to(grade: Grade, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("filelock.FileLock.acquire", refused)
    assert grade(CLASS)[::2] == (
        1,
        "Error in the grader: grades cannot be written to: Permission denied. Name another folder with --out.\n",
    )


def test_a_failure_of_an_earlier_run_is_not_this_ones(grade: Grade, quick_judges: Any) -> None:
    right = quick_judges.report

    def broken(assignment: Assignment, name: str, points: float) -> GradeReport:
        status = "internal_error" if name == "bo" else "graded"
        return msgspec.structs.replace(right(assignment, name, points), status=status)

    quick_judges.report = staticmethod(broken)
    assert grade(CLASS)[0] == 1
    assert grade({"ada": 4})[0] == 0
