"""What an earlier run graded is found again, exactly as long as nothing that decides it has changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from autograder.assignment import Assignment, find_course
from autograder.grade import circumstances
from autograder.grade.classroom import grade_class
from autograder.grade.kept import FILE, Kept, KeptReports, key_of, key_of_unreadable
from autograder.results import GradeReport
from autograder.submission import Submission, SubmissionFile

SUBMISSION = Submission("ada", "tiny.py", "py", "x = 1", (), "d" * 64)
REPORT = GradeReport("ada", "tiny", "Tiny", "graded", score=3.0, max_score=5.0, categories={"hygiene": (1.0, 2.0)})
ADA = Kept(REPORT, "ada", "ada.py", "1" * 64, "key")


def test_a_report_is_found_again_under_its_name(tmp_path: Path) -> None:
    with KeptReports(tmp_path) as kept:
        assert kept.find("ada", "key") is None
        kept.keep([ADA])
    with KeptReports(tmp_path) as kept:
        assert kept.find("ada", "key") == REPORT
        assert kept.find("bo", "key") is None and kept.find("ada", "another") is None
        assert kept.everything() == [ADA]


def test_a_later_result_takes_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    later = replace(ADA, report=msgspec.structs.replace(REPORT, score=4.0), key="another")
    with KeptReports(tmp_path) as kept:
        kept.keep([ADA])
        kept.keep([later])
        assert kept.everything() == [later]
        kept.drop(["ada"])
        assert kept.everything() == []


@pytest.mark.parametrize("change", [{"digest": "e" * 64}, {"filename": "other.py"}, {"notes": ("It was mended.",)}])
def test_another_submission_has_another_key(tiny: Assignment, change: dict[str, object]) -> None:
    assert key_of(tiny, replace(SUBMISSION, name="bo")) == key_of(tiny, SUBMISSION)
    assert key_of(tiny, replace(SUBMISSION, **change)) != key_of(tiny, SUBMISSION)


def test_the_reason_decides_what_is_unreadable(tiny: Assignment) -> None:
    keys = {key_of_unreadable(tiny, "ada.py", why) for why in ("It is empty.", "It is no text.")}
    assert len(keys | {key_of_unreadable(tiny, "ada.ipynb", "It is empty."), key_of(tiny, SUBMISSION)}) == 4


def test_other_checks_have_another_key(new_assignment: Callable[..., Assignment]) -> None:
    assignment = new_assignment()
    before = key_of(assignment, SUBMISSION)
    hidden = assignment.hidden_tests
    hidden.write_text(hidden.read_text() + "# stricter\n")
    again = find_course(assignment.folder.parent.parent).assignment(assignment.slug)
    assert key_of(again, SUBMISSION) != before


def test_other_data_have_another_key(tiny: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [key_of(tiny, SUBMISSION)]
    for name in ("one", "two"):
        (tmp_path / name / "MNIST").mkdir(parents=True)
        monkeypatch.setenv("AUTOGRADER_DATA", str(tmp_path / name))
        keys.append(key_of(tiny, SUBMISSION))
    images = tmp_path / "two" / "MNIST" / "images"
    for text in ("few", "more"):
        images.write_text(text)
        keys.append(key_of(tiny, SUBMISSION))
    assert len(set(keys)) == 5
    assert key_of(tiny, SUBMISSION) == keys[-1]


@pytest.mark.parametrize("library", ["torch", "numpy"])
def test_another_version_of_a_library_has_another_key(
    tiny: Assignment, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    before = key_of(tiny, SUBMISSION)
    version = circumstances.version
    monkeypatch.setattr(circumstances, "version", lambda name: "0.0" if name == library else version(name))
    circumstances._libraries.cache_clear()
    try:
        assert key_of(tiny, SUBMISSION) != before
    finally:
        circumstances._libraries.cache_clear()


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    with KeptReports(tmp_path) as kept:
        kept.keep(replace(ADA, report=msgspec.structs.replace(REPORT, submission=f"s{n}")) for n in range(200))
        kept.check()
    path = tmp_path / FILE
    data = bytearray(path.read_bytes())
    data[8192:12288] = b"\xff" * 4096
    path.write_bytes(data)
    with KeptReports(tmp_path) as kept, pytest.raises(sqlite3.DatabaseError):
        kept.check()


def test_what_a_later_version_wrote_is_left_out(tmp_path: Path) -> None:
    with KeptReports(tmp_path) as kept:
        kept.keep([ADA])
        with kept._database:
            kept._database.execute("INSERT INTO results VALUES ('bo', 'bo', '', '', 'key', x'00')")
        assert kept.everything() == [ADA]
        assert kept.count() == 2
        assert kept.find("bo", "key") is None


def test_a_resumed_class_runs_only_what_changed(tiny: Assignment, tmp_path: Path, solution: str, stub: str) -> None:
    files = [SubmissionFile(name, tmp_path / f"{name}.py") for name in ("ada", "bo", "cy")]
    for file, text in zip(files, (solution, stub, " "), strict=True):
        file.path.write_text(text)
    out = tmp_path / "out"
    plans: list[tuple[int, int]] = []

    def graded(*names: str, resume: bool = True) -> dict[str, GradeReport]:
        chosen = [file for file in files if file.name in names]
        reports = grade_class(
            tiny, chosen, out, jobs=1, resume=resume, on_plan=lambda kept, left: plans.append((kept, left))
        )
        return {report.submission: report for report in reports}

    first = graded("ada", "bo", "cy")
    results = (out / "results" / "ada.json").read_bytes()
    (out / "results" / "ada.json").unlink()
    (out / "reports" / "cy.html").unlink()
    files[1].path.write_text(solution + "\n")

    resumed = graded("ada", "bo", "cy")

    assert plans == [(0, 3), (2, 1)]
    assert resumed["ada"] == first["ada"]  # to the last digit of its seconds: it did not run again
    assert (out / "results" / "ada.json").read_bytes() == results
    assert (out / "reports" / "cy.html").exists()
    assert (first["bo"].score, resumed["bo"].score) == (0.0, 5.0)
    again = graded("ada", resume=False)
    assert plans[2:] == [(0, 1)]
    assert again["ada"].seconds != first["ada"].seconds
    assert again.keys() == first.keys() and again["bo"] == resumed["bo"]
