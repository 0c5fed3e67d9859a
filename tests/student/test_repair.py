"""A repair task in a student's folder and notebook: what is said before anything has been changed."""

from __future__ import annotations

import sys
from pathlib import Path

import jupytext
import pytest

import autograder
from autograder.assignment import Assignment, Course
from autograder.release import student_files
from autograder.release.artefact import write_files
from tests.student.test_folder import run_here
from tests.student.test_notebook import run_cell

NOT_BEGUN = "`vector_backward` is still as handed out, with the fault in it. "


@pytest.fixture
def pitfalls(course: Course) -> Assignment:
    return course.assignment("autograd_pitfalls")


@pytest.fixture
def folder(pitfalls: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What a student has, in a process that has seen no other folder."""
    for name in [name for name in sys.modules if name.rpartition(".")[2] in ("test_public", pitfalls.slug)]:
        monkeypatch.delitem(sys.modules, name)
    write_files(tmp_path, student_files(pitfalls))
    return tmp_path


def test_the_module_as_handed_out(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_here(folder, monkeypatch, "-k", "vector_is_repaired") == 1
    said = capsys.readouterr().out
    assert NOT_BEGUN in said
    assert "is a mean or a sum missing?" in said


def test_a_module_as_handed_out_is_not_what_was_worked_on(
    folder: Path, pitfalls: Assignment, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The notebook beside it is."""
    jupytext.write(jupytext.read(pitfalls.solution, fmt="py:percent"), folder / f"{pitfalls.slug}.ipynb")
    assert run_here(folder, monkeypatch, "-k", "vector_is_repaired") == 0, capsys.readouterr().out


def test_the_notebook_as_handed_out(folder: Path, pitfalls: Assignment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    stub = pitfalls.stub.read_text(encoding="utf-8")
    done = autograder.check("4", env=run_cell(stub))
    assert [one.feedback.startswith(NOT_BEGUN) for one in done.checks] == [True, True]
    assert [one.score for one in done.checks] == [0, 0]
    tried = autograder.check("4", env=run_cell(stub.replace("squares.backward()", "squares.mean().backward()")))
    assert "handed out" not in repr(tried)
    assert "That is the gradient of the mean of the squares" in repr(tried)
