"""A class that is stopped or fails on the way: what was graded is written, and what was there before stays."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from autograder.errors import GraderError
from autograder.grade.classroom import ClassStopped
from autograder.grade.kept import FILE
from tests.grade.conftest import Grading, files_of


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
