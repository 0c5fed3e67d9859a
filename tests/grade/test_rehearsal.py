"""The made-up class of ``autograder rehearse``."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from autograder.cli import cli
from autograder.errors import UsageError
from autograder.grade.class_folder import claimed
from autograder.grade.rehearsal import write_class
from autograder.submission import find_submissions, read_submission

if TYPE_CHECKING:
    from autograder.assignment import Assignment


def notebook(assignment: Assignment) -> bytes:
    cell = {"cell_type": "code", "source": "x = 1", "metadata": {}, "outputs": []}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}).encode()


def test_a_class_with_accidents(new_assignment: Callable[..., Assignment], tmp_path: Path) -> None:
    assignments = [new_assignment() for _ in range(3)]
    for kind, count in (("wrong", 5), ("right", 2)):
        for number in range(count):
            sample = assignments[0].solution.parent / kind / f"sample_{number}.py"
            sample.parent.mkdir(exist_ok=True)
            sample.write_text("x = 1\n")
    folders = write_class(assignments, tmp_path / "class", notebook)
    names = [sorted(path.name for path in folder.iterdir()) for folder in folders.values()]
    assert names[0] == [
        "ada_reference.py",
        "ben_stub.py",
        "cleo_notebook.ipynb",
        "dan_endless_loop.py",
        "right_sample_0.py",
        "wrong_sample_0.py",
        "wrong_sample_1.py",
        "wrong_sample_2.py",
    ]
    accidents = [(set(found) - {"ada_reference.py", "ben_stub.py", "cleo_notebook.ipynb"}) for found in names[1:]]
    assert accidents == [{"eve_syntax_error.py"}, {"fay_dying_process.py"}]
    for assignment in assignments:
        folder = folders[assignment.slug]
        for file in find_submissions([folder], assignment.slug):
            source = read_submission(file, assignment.slug).source
            broken = False
            try:
                ast.parse(source)
            except SyntaxError:
                broken = True
            assert broken == file.name.startswith("eve")
    assert "while True" in (folders[assignments[0].slug] / "dan_endless_loop.py").read_text()


def test_a_second_rehearsal_replaces_the_first(new_assignment: Callable[..., Assignment], tmp_path: Path) -> None:
    assignment = new_assignment()
    folder = write_class([assignment], tmp_path, notebook)[assignment.slug]
    (folder / "left_over.py").write_text("x = 1\n")
    write_class([assignment], tmp_path, notebook)
    assert not (folder / "left_over.py").exists()


def test_two_rehearsals_at_once(tiny_course: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "class").mkdir(parents=True)
    with claimed(out / "class"):
        result = CliRunner().invoke(cli, ["rehearse", "--course", str(tiny_course), "--out", str(out)])
    assert isinstance(result.exception, UsageError)
    assert str(result.exception).startswith(f"Another autograder is writing to {out / 'class'} at this moment.")
    assert not (out / "class" / "tiny").exists()


def test_a_second_rehearsal_grades_what_changed_and_drops_what_is_gone(
    tiny_course: Path, tmp_path: Path, quick_judges: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    samples = {"ada_reference": "5", "ben_stub": "1", "wrong_sample": "3"}

    def write_samples(assignments: list[Assignment], folder: Path, filled: object) -> dict[str, Path]:
        for path in (folder / "tiny").glob("*.py"):
            path.unlink()
        (folder / "tiny").mkdir(exist_ok=True)
        for name, text in samples.items():
            (folder / "tiny" / f"{name}.py").write_text(text)
        return {"tiny": folder / "tiny"}

    monkeypatch.setattr("autograder.grade.rehearsal.write_class", write_samples)
    out = tmp_path / "out"
    arguments = ["rehearse", "--course", str(tiny_course), "--out", str(out)]
    assert CliRunner().invoke(cli, arguments).exit_code == 0
    quick_judges.graded.clear()
    del samples["ben_stub"]
    samples["wrong_sample"] = "2"
    assert CliRunner().invoke(cli, arguments).exit_code == 0
    assert quick_judges.graded == ["wrong_sample"]
    rows = [line.split(",")[:3] for line in (out / "grades.csv").read_text().splitlines()[1:]]
    assert rows == [["ada_reference", "graded", "5"], ["wrong_sample", "graded", "2"]]
    assert sorted(path.stem for path in (out / "reports").iterdir()) == ["ada_reference", "wrong_sample"]
