"""The processes that grade side by side: what they are handed, what they tell, and how they end."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from autograder.assignment import Assignment
from autograder.grade.classroom import grade_class
from autograder.grade.judge_process import Answer, Order
from autograder.grade.judges import Judges
from autograder.grade.work import Work
from autograder.submission import SubmissionFile

SHADOWS = ("json", "pickle", "socket", "selectors", "click", "torch", "multiprocessing")


@pytest.fixture
def look_up(tiny: Assignment, tmp_path: Path) -> Order:
    """The quickest thing to ask for: nothing is found, and torch is not imported."""
    (tmp_path / "ada.py").write_text("x = 1\n")
    work = Work(tiny, SubmissionFile("ada", tmp_path / "ada.py"), tmp_path, "ada")
    return Order(work, is_look_up=True)


def only(judges: Judges) -> Any:
    (process,) = judges._all
    return process._process


def test_one_process_serves_many_orders_and_ends(look_up: Order) -> None:
    with Judges(1) as judges:
        answers = [answer for _, answer in judges.answers([look_up] * 3)]
        process = only(judges)
        assert process.poll() is None
    assert answers == [Answer()] * 3
    assert process.returncode == 0


def test_a_process_that_was_killed_while_idle_is_replaced(look_up: Order) -> None:
    with Judges(1) as judges:
        list(judges.answers([look_up]))
        process = only(judges)
        process.kill()
        process.wait()
        assert [answer for _, answer in judges.answers([look_up])] == [Answer()]


def test_a_process_that_hangs_is_killed(look_up: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.grade.judges._STOP_SECONDS", 0.2)
    with Judges(1) as judges:
        answers = judges.answers([look_up, look_up])
        next(answers)
        process = only(judges)
        os.kill(process.pid, signal.SIGSTOP)
        judges._hand_out(look_up)
        assert judges.stop() == []
    assert process.returncode == -signal.SIGKILL


def test_students_files_in_the_current_folder_are_not_imported(
    look_up: Order, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in SHADOWS:
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'a').write({name!r})\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    with Judges(1) as judges:
        assert [answer for _, answer in judges.answers([look_up])] == [Answer()]
    assert not (tmp_path / "ran").exists()


class DyingJudges:
    """Judges whose process ends whenever it grades ``bo``."""

    asked: list[tuple[str, bool]]

    def __init__(self, count: int) -> None: ...

    def __enter__(self) -> DyingJudges:
        return self

    def __exit__(self, *error: object) -> None: ...

    def answers(self, orders: list[Order]) -> Any:
        from autograder.grade.unfinished import empty_report

        for order in orders:
            name = order.work.file.name
            self.asked.append((name, order.is_last_try))
            if name == "bo":
                yield order, "exit status -9: out of memory"
            elif name == "cy" and not order.is_last_try:
                yield order, Answer()  # its worker was lost
            else:
                yield order, Answer(empty_report(order.work.assignment, name, "graded"))


def test_what_breaks_a_judge_twice_is_for_a_person(
    tiny: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autograder.grade.classroom.Judges", DyingJudges)
    monkeypatch.setattr(DyingJudges, "asked", [], raising=False)
    files = [SubmissionFile(name, tmp_path / f"{name}.py") for name in ("ada", "bo", "cy", "dee")]
    told: list[str] = []
    reports = grade_class(tiny, files, tmp_path / "out", on_report=lambda report: told.append(report.submission))
    assert DyingJudges.asked[4:] == [("bo", True), ("cy", True)]
    assert [report.status for report in reports] == ["graded", "internal_error", "graded", "graded"]
    assert reports[1].integrity == (
        "The judge ended twice while it graded this submission: please look at it by hand.",
        "exit status -9: out of memory",
    )
    assert (tmp_path / "out" / "results" / "bo.json").exists()
    assert sorted(told) == ["ada", "bo", "cy", "dee"]
