"""What an earlier run graded is found again, exactly as long as nothing that decides it has changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from autograder.assignment import Assignment, find_course
from autograder.grade.classroom import grade_class
from autograder.grade.kept import FILE, KeptReports
from autograder.results import GradeReport
from autograder.submission import Submission, SubmissionFile

SUBMISSION = Submission("ada", "tiny.py", "py", "x = 1", (), "d" * 64)
REPORT = GradeReport("ada", "tiny", "Tiny", "graded", score=3.0, max_score=5.0, categories={"hygiene": (1.0, 2.0)})


def test_a_report_is_found_again_under_the_name_of_who_asks(tiny: Assignment, tmp_path: Path) -> None:
    with KeptReports(tmp_path) as kept:
        assert kept.find(tiny, SUBMISSION) is None
        kept.keep(tiny, SUBMISSION, REPORT)
    with KeptReports(tmp_path) as kept:
        assert kept.find(tiny, SUBMISSION) == REPORT
        assert kept.find(tiny, replace(SUBMISSION, name="bo")) == msgspec.structs.replace(REPORT, submission="bo")


@pytest.mark.parametrize("change", [{"digest": "e" * 64}, {"filename": "other.py"}, {"notes": ("It was mended.",)}])
def test_another_submission_is_not_found(tiny: Assignment, tmp_path: Path, change: dict[str, object]) -> None:
    with KeptReports(tmp_path) as kept:
        kept.keep(tiny, SUBMISSION, REPORT)
        assert kept.find(tiny, replace(SUBMISSION, **change)) is None


def test_other_checks_or_other_data_are_another_grade(
    new_assignment: Callable[..., Assignment], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assignment = new_assignment()
    with KeptReports(tmp_path) as kept:
        kept.keep(assignment, SUBMISSION, REPORT)
        assert kept.find(assignment, SUBMISSION) == REPORT
        monkeypatch.setenv("AUTOGRADER_DATA", str(tmp_path))
        assert kept.find(assignment, SUBMISSION) is None
        monkeypatch.delenv("AUTOGRADER_DATA")
        hidden = assignment.hidden_tests
        hidden.write_text(hidden.read_text() + "# stricter\n")
        again = find_course(assignment.folder.parent.parent).assignment(assignment.slug)
        assert kept.find(again, SUBMISSION) is None


@pytest.mark.parametrize("status", ["internal_error", "incomplete"])
def test_what_is_not_final_is_not_kept(tiny: Assignment, tmp_path: Path, status: str) -> None:
    with KeptReports(tmp_path) as kept:
        kept.keep(tiny, SUBMISSION, msgspec.structs.replace(REPORT, status=status))
        assert kept.find(tiny, SUBMISSION) is None


def test_a_damaged_file_counts_as_an_empty_one(tiny: Assignment, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database" * 100)
    with KeptReports(tmp_path) as kept:
        assert kept.find(tiny, SUBMISSION) is None
        kept.keep(tiny, SUBMISSION, REPORT)
        assert kept.find(tiny, SUBMISSION) == REPORT


def test_a_file_that_cannot_be_opened_is_done_without(tiny: Assignment, tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with KeptReports(tmp_path) as kept:
        kept.keep(tiny, SUBMISSION, REPORT)
    assert (tmp_path / FILE).is_dir()


def test_a_resumed_class_runs_only_what_changed(tiny: Assignment, tmp_path: Path, solution: str, stub: str) -> None:
    files = [SubmissionFile(name, tmp_path / f"{name}.py") for name in ("ada", "bo")]
    for file, text in zip(files, (solution, stub), strict=True):
        file.path.write_text(text)
    out = tmp_path / "out"
    first = grade_class(tiny, files, out, jobs=1)
    results = {name: (out / "results" / f"{name}.json").read_bytes() for name in ("ada", "bo")}
    (out / "results" / "ada.json").unlink()
    files[1].path.write_text(solution + "\n")

    resumed = grade_class(tiny, files, out, jobs=1, resume=True)

    assert resumed[0] == first[0]  # to the last digit of its seconds: it did not run again
    assert (out / "results" / "ada.json").read_bytes() == results["ada"]
    assert (first[1].score, resumed[1].score) == (0.0, 5.0)
    assert (out / "results" / "bo.json").read_bytes() != results["bo"]
    assert grade_class(tiny, files[:1], out, jobs=1)[0].seconds != first[0].seconds
