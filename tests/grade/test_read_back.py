"""What comes back from a folder whose store is another version's, damaged or gone: from the results that lie there."""

from __future__ import annotations

import json
import sqlite3

import msgspec
import pytest

from autograder.assignment import Assignment
from autograder.errors import GraderError, UsageError
from autograder.grade.kept import FILE
from autograder.reports.results_json import gradescope_json
from autograder.results import CheckResult, GradeReport, Outcome
from autograder.scoring import category_scores
from tests.grade.conftest import Grading, files_of


def former_folder(grading: Grading) -> None:
    """What the version before left: results, pages, a gradebook, and a store that only it can read."""
    grading.hand_in(ada=5, bo=3)
    grading()
    (grading.out / FILE).unlink()
    with sqlite3.connect(grading.out / FILE) as database:
        database.execute("CREATE TABLE reports (key TEXT PRIMARY KEY, report BLOB NOT NULL)")
        database.execute("INSERT INTO reports VALUES ('key', x'00')")
    database.close()


@pytest.mark.parametrize("has_store", [True, False])
def test_a_folder_of_the_version_before_keeps_its_gradebook(grading: Grading, has_store: bool) -> None:
    former_folder(grading)
    if not has_store:
        (grading.out / FILE).unlink()
    gradebook = (grading.out / "grades.csv").read_text()
    grading.hand_in(cy=1)

    assert grading() == ["cy"]

    where = "of an earlier version" if has_store else "without a store"
    assert grading.said == [
        f"{grading.out} holds 2 results {where}. What is there stays in the gradebook, and is graded again "
        "where its file is named again.",
        f"Merged into 2 results already in {grading.out}: 1 new; --fresh starts anew.",
        "2 stay from earlier runs and were not among these: ada, bo.",
    ]
    assert (grading.out / "grades.csv").read_text().startswith(gradebook)
    assert grading.scores == {"ada": "5", "bo": "3", "cy": "1"}
    grading.hand_in(ada=5, bo=3, cy=1)
    assert grading() == ["ada", "bo"]
    assert grading.plan == (1, 2)


def test_fresh_removes_the_files_of_the_version_before(grading: Grading) -> None:
    former_folder(grading)
    (grading.out / "results" / "mine.json").write_text("{}")
    grading.hand_in(cy=1)
    grading(fresh=True)
    assert grading.files == files_of("cy") | {"results/mine.json"}


def test_files_of_another_assignment_without_a_store_are_refused(grading: Grading) -> None:
    former_folder(grading)
    report = grading.judges.report(grading.assignment, "ada", 5.0)
    foreign = CheckResult("1.3", "test_fits", "Fits.", "correctness", 1.0)
    results = GradeReport("ada", "other", "Other", "graded", checks=(*report.checks, foreign), score=5.0, max_score=6.0)
    (grading.out / "results" / "ada.json").write_bytes(gradescope_json(results))
    with pytest.raises(UsageError, match=r"results/ada\.json is no result of tiny, whose tasks have other names"):
        grading()


def test_a_damaged_store_is_put_aside_and_read_back(grading: Grading) -> None:
    grading.hand_in(ada=5, bo=3, cy=1)
    grading()
    damaged = b"no database" * 100
    (grading.out / FILE).write_bytes(damaged)
    grading.hand_in(bo=4)
    assert grading() == ["bo"]
    assert grading.scores == {"ada": "5", "bo": "4", "cy": "1"}
    assert (grading.out / "kept.damaged.sqlite").read_bytes() == damaged
    assert grading.said[0] == (
        f"{grading.out / FILE} was damaged and is now kept.damaged.sqlite: 3 results came back from "
        f"{grading.out / 'results'}. What is named again is graded again."
    )


def test_a_store_that_cannot_be_used_is_done_without(grading: Grading) -> None:
    grading.hand_in(ada=5, bo=3)
    grading()
    (grading.out / FILE).unlink()
    (grading.out / FILE).mkdir()
    grading.hand_in(bo=2)
    assert grading() == ["bo"]
    assert grading.scores == {"ada": "5", "bo": "2"}
    said = f"{grading.out / FILE} cannot be used (unable to open database file): the gradebook is complete, but nothing"
    assert grading.said[0].startswith(said)
    assert len(grading.said) == 3


def test_fresh_says_what_it_cannot_remove(grading: Grading) -> None:
    (grading.out / FILE / "inside").mkdir(parents=True)
    grading.hand_in(ada=5)
    with pytest.raises(GraderError, match="cannot be written to: "):
        grading(fresh=True)


def test_what_cannot_be_read_in_the_store_comes_from_the_results(grading: Grading) -> None:
    grading.hand_in(ada=5, bo=3)
    grading()
    with sqlite3.connect(grading.out / FILE) as database:
        database.execute("UPDATE results SET report = x'00' WHERE name = 'ada'")
    database.close()
    grading.hand_in(bo=2)
    assert grading() == ["bo"]
    assert grading.scores == {"ada": "5", "bo": "2"}


def not_counted(report: GradeReport) -> GradeReport:
    """As a judge reports it where the second task's check could not be run."""
    ran, broken = report.checks
    broken = msgspec.structs.replace(broken, outcome=Outcome.INTERNAL_ERROR, score=0.0, fault="line 41: no such name")
    checks = (ran, broken)
    return msgspec.structs.replace(
        report,
        status="internal_error",
        checks=checks,
        categories=category_scores(checks),
        tasks=tuple(msgspec.structs.replace(t, score=0.0) if t.id == broken.task else t for t in report.tasks),
        score=ran.score,
    )


@pytest.mark.parametrize("is_damaged", [True, False])
@pytest.mark.parametrize("is_older", [True, False])
def test_who_is_not_counted_comes_back_from_the_results(grading: Grading, is_damaged: bool, is_older: bool) -> None:
    right = grading.judges.report

    def report(assignment: Assignment, name: str, points: float) -> GradeReport:
        found = right(assignment, name, points)
        return not_counted(found) if name == "ada" else found

    grading.judges.report = staticmethod(report)
    grading.hand_in(ada=5, bo=3, cy=1)
    grading()
    before = (grading.out / "grades.csv").read_text()
    assert grading.rows["ada"] | {"score": "", "not_counted": "test_descends (2)"} == grading.rows["ada"]
    path = grading.out / "results" / "ada.json"
    if is_older:  # it says neither which check it was nor what that is worth
        results = json.loads(path.read_text())
        for test in results["tests"]:
            test["extra_data"].pop("not_counted", None)
        path.write_text(json.dumps(results))
        before = before.replace("test_descends (2)", "Descends. (2)")
    (grading.out / FILE).unlink()
    if is_damaged:
        (grading.out / FILE).write_bytes(b"no database" * 100)
    grading.hand_in(cy=1)

    assert grading() == ["cy"]

    assert (grading.out / "grades.csv").read_text() == before
    assert "why is no longer known" in (grading.out / "index.html").read_text()
    grading.hand_in(cy=1)
    grading(fresh=True)
    assert grading.files - {"kept.damaged.sqlite"} == files_of("cy")


@pytest.mark.parametrize("size", [0, 60])
def test_a_result_that_cannot_be_read_back_is_named(grading: Grading, size: int) -> None:
    grading.hand_in(ada=5, bo=3)
    grading()
    (grading.out / FILE).unlink()
    path = grading.out / "results" / "ada.json"
    path.write_bytes(path.read_bytes()[:size])
    (grading.out / "results" / "mine.json").write_text('{"score": 5}')
    grading.hand_in(bo=3)
    grading()
    assert grading.scores == {"bo": "3"}
    where = grading.out / "results"
    lost = f"1 result in {where} cannot be read back and is missing from the gradebook until graded again: ada.json."
    assert grading.said[0] == lost
    grading.hand_in(ada=4)
    grading()
    assert grading.scores == {"ada": "4", "bo": "3"}


def test_a_damaged_file_of_somebody_who_is_in_the_store_is_nothing_to_say(grading: Grading) -> None:
    grading.hand_in(ada=5, bo=3)
    grading()
    with sqlite3.connect(grading.out / FILE) as database:
        database.execute("UPDATE results SET report = x'00' WHERE name = 'ada'")
    database.close()
    (grading.out / "results" / "bo.json").write_bytes(b"")
    grading.hand_in(cy=2)
    grading()
    assert grading.scores == {"ada": "5", "bo": "3", "cy": "2"}
    assert not any("read back" in sentence for sentence in grading.said)


def test_remarks_come_back_from_the_results(grading: Grading) -> None:
    right = grading.judges.report

    def report(assignment: Assignment, name: str, points: float) -> GradeReport:
        return msgspec.structs.replace(
            right(assignment, name, points), remarks=(f"odd, {name}", "the handout, unchanged")
        )

    grading.judges.report = staticmethod(report)
    grading.hand_in(ada=5, bo=3)
    grading()
    (grading.out / FILE).unlink()
    grading.hand_in(bo=3)
    grading()
    assert grading.rows["ada"]["remarks"] == "odd, ada; the handout, unchanged"
    assert "odd, ada" in (grading.out / "index.html").read_text()
