"""What earlier runs left in a folder: merged, read back, refused or removed; never lost, never mixed."""

from __future__ import annotations

import csv
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from autograder.assignment import Assignment
from autograder.errors import GraderError, UsageError
from autograder.grade.atomic import remove_unfinished, write_atomically
from autograder.grade.class_folder import claimed
from autograder.grade.classroom import ClassStopped, grade_class
from autograder.grade.file_names import file_names_beside
from autograder.grade.kept import FILE
from autograder.reports.results_json import gradescope_json
from autograder.results import CheckResult, GradeReport, Outcome
from autograder.scoring import category_scores
from autograder.submission import SubmissionFile


class Grading:
    """Grades texts below one folder and keeps what was said."""

    def __init__(self, assignment: Assignment, folder: Path, judges: Any) -> None:
        self.assignment = assignment
        self.judges = judges
        self.out = folder / "grades"
        self.handed_in = folder / "class"
        self.handed_in.mkdir()
        self.said: list[str] = []
        self.plan = (0, 0)

    def __call__(self, *, assignment: Assignment | None = None, **options: Any) -> list[str]:
        """Grades every file of the class and says whom it graded."""
        self.judges.graded.clear()
        self.said.clear()
        files = [SubmissionFile(path.stem, path) for path in sorted(self.handed_in.iterdir())]
        grade_class(
            assignment or self.assignment,
            files,
            self.out,
            **{"resume": True, "on_notice": self.said.append, "on_plan": self._plan} | options,
        )
        return list(self.judges.graded)

    def _plan(self, kept: int, left: int) -> None:
        self.plan = (kept, left)

    def hand_in(self, **points: object) -> None:
        for path in self.handed_in.iterdir():
            path.unlink()
        for name, text in points.items():
            (self.handed_in / f"{name}.py").write_text(str(text))

    @property
    def scores(self) -> dict[str, str]:
        rows = [line.split(",") for line in (self.out / "grades.csv").read_text().splitlines()[1:]]
        return {row[0]: row[2] for row in rows}

    @property
    def rows(self) -> dict[str, dict[str, str]]:
        with open(self.out / "grades.csv", newline="") as file:
            return {row["submission"]: row for row in csv.DictReader(file)}

    @property
    def files(self) -> set[str]:
        return {str(path.relative_to(self.out)) for path in self.out.rglob("*") if path.is_file()}


@pytest.fixture
def grading(tiny: Assignment, tmp_path: Path, quick_judges: Any) -> Grading:
    return Grading(tiny, tmp_path, quick_judges)


def files_of(*names: str) -> set[str]:
    own = {f"{folder}/{name}{end}" for name in names for folder, end in (("results", ".json"), ("reports", ".html"))}
    return own | {"grades.csv", "index.html", FILE, ".autograder.lock"}


def test_one_regraded_file_keeps_the_class(grading: Grading) -> None:
    grading.hand_in(ada=5, bo=3, cy=1)
    assert grading() == ["ada", "bo", "cy"]
    assert grading.said == []
    grading.hand_in(bo=4, dee=2)

    assert grading() == ["bo", "dee"]

    assert grading.scores == {"ada": "5", "bo": "4", "cy": "1", "dee": "2"}
    assert grading.said == [
        f"Merged into 3 results already in {grading.out}: 1 new, 1 replaced; --fresh starts anew.",
        "2 stay from earlier runs and were not among these: ada, cy.",
    ]
    assert grading.files == files_of("ada", "bo", "cy", "dee")
    page = (grading.out / "index.html").read_text()
    assert all(f'href="reports/{name}.html"' in page for name in grading.scores)


def test_of_many_who_stay_some_are_named(grading: Grading) -> None:
    grading.hand_in(**dict.fromkeys("abcdefgh", 1))
    grading()
    grading.hand_in(h=2)
    grading()
    assert grading.said[1] == "7 stay from earlier runs and were not among these: a, b, c, d, e and 2 more."


def test_only_what_changed_is_graded_again(grading: Grading) -> None:
    grading.hand_in(ada=5, bo=3, cy=5)
    grading()
    grading.hand_in(ada=5, bo=4, cy=5)
    assert (grading(), grading.plan) == (["bo"], (2, 1))
    assert (grading(), grading.plan, grading.said) == ([], (3, 0), [])
    assert (grading(resume=False), grading.said) == (["ada", "bo", "cy"], [])
    assert grading.scores == {"ada": "5", "bo": "4", "cy": "5"}


def test_a_renamed_submission_is_graded_under_its_name(grading: Grading) -> None:
    grading.hand_in(ada=5)
    grading()
    grading.hand_in(adele=5)
    assert grading() == ["adele"]
    assert grading.scores == {"ada": "5", "adele": "5"}


def test_what_was_handed_in_in_another_form_is_said(grading: Grading) -> None:
    grading.hand_in(ada=5)
    grading()
    cell = {"cell_type": "code", "metadata": {}, "source": "4", "outputs": [], "execution_count": None}
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    grading.hand_in()
    (grading.handed_in / "ada.ipynb").write_text(json.dumps(notebook))
    grading()
    assert grading.said == ["ada was graded from ada.py before, now from ada.ipynb."]
    assert grading.scores == {"ada": "4"}


def test_names_that_differ_in_case_are_said_and_have_their_own_files(grading: Grading) -> None:
    grading.hand_in(ada=5)
    grading()
    grading.hand_in(Ada=3)
    grading()
    assert grading.scores == {"Ada": "3", "ada": "5"}
    assert "Ada and ada are two students here: their names differ in upper and lower case only." in grading.said
    stems = [path.stem.casefold() for path in (grading.out / "results").iterdir()]
    assert len(set(stems)) == 2


def test_fresh_removes_what_we_wrote_and_nothing_else(grading: Grading) -> None:
    grading.hand_in(ada=5, bo=3)
    grading()
    for name in ("notes.txt", "results/mine.json", "results/list.csv", "reports/bo.pdf", "reports/index.html"):
        (grading.out / name).write_text("[1, 2]")
    grading.hand_in(bo=3)
    assert grading(fresh=True) == ["bo"]
    assert grading.said == [f"Started anew: 2 earlier results removed from {grading.out}."]
    assert grading.scores == {"bo": "3"}
    mine = {"notes.txt", "results/mine.json", "results/list.csv", "reports/bo.pdf", "reports/index.html"}
    assert grading.files == files_of("bo") | mine


def test_without_merging_others_are_dropped(grading: Grading) -> None:
    grading.hand_in(ada=5, bo=3)
    grading()
    grading.hand_in(bo=3, cy=1)
    assert grading(merge=False) == ["cy"]
    assert grading.scores == {"bo": "3", "cy": "1"}
    assert grading.files == files_of("bo", "cy")


def test_another_assignment_is_not_mixed_in(grading: Grading, new_assignment: Callable[..., Assignment]) -> None:
    grading.hand_in(ada=5, bo=3)
    grading()
    before = {name: (grading.out / name).read_bytes() for name in grading.files}
    other = new_assignment()
    with pytest.raises(UsageError) as caught:
        grading(assignment=other)
    assert str(caught.value) == (
        f"{grading.out} holds the results of 2 submissions of tiny, not of {other.slug}. "
        "Name another folder with --out, or replace them with --fresh."
    )
    assert {name: (grading.out / name).read_bytes() for name in grading.files} == before
    grading.hand_in(bo=2)
    assert grading(assignment=other, fresh=True) == ["bo"]
    assert grading.scores == {"bo": "2"}
    grading.hand_in(bo=2, cy=1)
    assert grading(merge=False) == ["bo", "cy"]


def test_a_changed_assignment_is_said_of_those_who_are_not_graded_again(
    grading: Grading, new_assignment: Callable[..., Assignment]
) -> None:
    first = new_assignment()
    grading.hand_in(ada=5, bo=3)
    grading(assignment=first)
    first.hidden_tests.write_text(first.hidden_tests.read_text() + "# stricter\n")
    second = Assignment(first.slug, first.folder, first.solution_folder)
    grading.hand_in(bo=3)
    assert grading(assignment=second) == ["bo"]
    assert grading.said[1:] == [
        "1 stays from an earlier run and was not among these: ada.",
        f"1 result in {grading.out} came from other checks: the assignment has changed since. "
        "Grade these again, too: ada.",
    ]


@pytest.mark.parametrize(("name", "text"), [("grades.csv", "name;points\nada;5\n"), ("index.html", "<p>Ours</p>")])
def test_a_file_of_somebody_else_is_not_overwritten(grading: Grading, name: str, text: str) -> None:
    grading.out.mkdir()
    (grading.out / name).write_text(text)
    grading.hand_in(ada=5)
    with pytest.raises(UsageError, match="autograder did not write it"):
        grading(fresh=True)
    assert grading.files == {name, ".autograder.lock"}


# Folders of the version before: files, and a store of other tables.


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


# Stopping and failing.


def test_what_was_done_is_written_when_somebody_stops_it(grading: Grading) -> None:
    grading.hand_in(ada=5, bo=3, cy=1)
    grading.judges.stop_before = 2
    with pytest.raises(ClassStopped) as caught:
        grading()
    assert caught.value.done == 2
    assert grading.scores == {"ada": "5", "bo": "3"}
    assert grading.files == files_of("ada", "bo")
    grading.judges.stop_before = None
    assert grading() == ["cy"]


def test_an_earlier_result_stays_where_its_regrading_was_stopped(grading: Grading) -> None:
    grading.hand_in(ada=5, bo=3)
    grading()
    grading.hand_in(ada=4, bo=2)
    grading.judges.stop_before = 1
    with pytest.raises(ClassStopped) as caught:
        grading()
    assert caught.value.done == 1
    assert grading.scores == {"ada": "4", "bo": "3"}


def test_what_was_done_is_written_when_an_assignment_breaks(grading: Grading) -> None:
    grading.hand_in(ada=5)
    grading()
    grading.hand_in(bo=3)
    grading.judges.break_before = GraderError("The disk is full.")
    with pytest.raises(GraderError, match="The disk is full"):
        grading()
    assert grading.scores == {"ada": "5"}


def test_a_class_of_which_nothing_could_be_graded_leaves_no_gradebook(grading: Grading) -> None:
    grading.hand_in(ada=5)
    grading.judges.break_before = GraderError("The disk is full.")
    with pytest.raises(GraderError):
        grading()
    assert not (grading.out / "grades.csv").exists()


def test_a_full_disk_is_one_sentence_and_loses_nothing(grading: Grading) -> None:
    monkeypatch = pytest.MonkeyPatch()  # undone before the test ends
    grading.hand_in(ada=5)
    grading()
    before = {name: (grading.out / name).read_bytes() for name in grading.files if name != FILE}

    def full(path: Path, data: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("autograder.grade.work.write_atomically", full)
    monkeypatch.setattr("autograder.grade.class_folder.write_atomically", full)
    grading.hand_in(bo=3)
    with pytest.raises(GraderError) as caught:
        grading()
    assert str(caught.value) == (
        "The results of bo cannot be written: No space left on device. "
        "What was graded before is kept; mend that and run the same command again."
    )
    assert {name: (grading.out / name).read_bytes() for name in grading.files if name != FILE} == before
    monkeypatch.undo()
    assert grading() == []
    assert grading.scores == {"ada": "5", "bo": "3"}


def test_a_store_that_fails_on_the_way_costs_no_grade(grading: Grading, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("autograder.grade.kept.KeptReports.keep", full)
    grading.hand_in(ada=5, bo=3)
    grading()
    assert grading.scores == {"ada": "5", "bo": "3"}
    assert grading.said == [
        f"{grading.out / FILE} cannot be written: the gradebook is complete, but 2 submissions would be graded again "
        "next time."
    ]


def test_files_that_were_not_finished_go_and_others_stay(tmp_path: Path) -> None:
    write_atomically(tmp_path / "ada.json", "x")
    long = "a" * 60
    for name in (".ada.json.x1y2z3ab.tmp", f".{long[:40]}.x1y2z3ab.tmp", ".notes.txt.x1y2z3ab.tmp", "ada.tmp"):
        (tmp_path / name).write_text("")
    remove_unfinished(tmp_path, (".json",))
    assert sorted(path.name for path in tmp_path.iterdir()) == [".notes.txt.x1y2z3ab.tmp", "ada.json", "ada.tmp"]


def test_a_known_name_keeps_its_files(tmp_path: Path) -> None:
    assert file_names_beside({}, ["ada", "bo"]) == {"ada": "ada", "bo": "bo"}
    assert file_names_beside({"ada": "ADA-1", "x": "bo"}, ["ada", "bo"]) == {"ada": "ADA-1", "bo": "bo-2"}


# Two runs at once.


def test_a_folder_is_one_runs_at_a_time(tmp_path: Path) -> None:
    said = f"Another autograder is writing to {tmp_path} at this moment."
    with claimed(tmp_path), pytest.raises(UsageError, match=said), claimed(tmp_path):
        pass
    with claimed(tmp_path):
        pass


def test_the_lock_of_a_killed_process_does_not_block(tmp_path: Path) -> None:
    program = (
        "import sys, time, pathlib\nfrom autograder.grade.class_folder import claimed\n"
        "with claimed(pathlib.Path(sys.argv[1])):\n    print('claimed', flush=True)\n    time.sleep(600)\n"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    with subprocess.Popen(
        [sys.executable, "-c", program, tmp_path], stdout=subprocess.PIPE, text=True, env=environment
    ) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == "claimed\n"
        with pytest.raises(UsageError), claimed(tmp_path):
            pass
        holder.kill()
        holder.wait()
    with claimed(tmp_path):
        pass


def test_what_was_kept_and_not_yet_written_is_written(grading: Grading) -> None:
    grading.hand_in(ada=3, bo=2)
    grading()
    for path in (grading.out / "results" / "ada.json", grading.out / "reports" / "ada.html"):
        path.unlink()  # as where a judge was ended between the store and the files
    (grading.handed_in / "ada.py").unlink()
    grading()
    assert json.loads((grading.out / "results" / "ada.json").read_bytes())["score"] == 3
    assert (grading.out / "reports" / "ada.html").is_file()
