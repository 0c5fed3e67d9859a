"""Hostile archives, notebooks and names: refused or graded in words, written nowhere, and nobody else's problem."""

from __future__ import annotations

import shutil
import time

import pytest
from attacks_grading import HERE, without_times
from attacks_intake import BUILDERS, HONEST

from autograder.assignment import find_course
from autograder.errors import SubmissionError
from autograder.submission import find_submissions, read_submission

STUB = (HERE / "course" / "assignments" / "tiny" / "tiny.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", BUILDERS)
def test_intake_refuses_in_words_or_hands_on_plain_text(bench, tmp_path, name):
    handed_in = tmp_path / "handed_in"
    handed_in.mkdir()
    path = BUILDERS[name](handed_in)
    before = sorted(tmp_path.rglob("*"))
    started = time.monotonic()

    (file,) = find_submissions([path], "tiny")
    try:
        submission = read_submission(file, "tiny", STUB)
    except SubmissionError as refused:
        text = str(refused)
        assert text.isprintable() or "\n" in text
        assert "\x1b" not in text and len(text) < 1000
    else:
        report = bench.judge.grade(submission)
        assert report.status == "graded"
        assert report.score == 0.0 or name == "notebook_redefinitions"  # that one holds honest cells as well
        assert bench.leaked(report) == []

    assert sorted(tmp_path.rglob("*")) == before
    assert time.monotonic() - started < 60


@pytest.mark.slow
def test_attackers_in_a_class_change_nobody_elses_grade(tmp_path):
    from autograder.grade.classroom import grade_class

    course = tmp_path / "course"
    shutil.copytree(HERE / "course", course)
    assignment = find_course(course, str(course)).assignment("tiny")
    honest, mixed = tmp_path / "honest", tmp_path / "mixed"
    for folder in (honest, mixed):
        folder.mkdir()
    half = HONEST.replace("return 2 * x", "return 3 * x")
    for number in range(6):
        for folder in (honest, mixed):
            (folder / f"honest_{number}.py").write_text(half if number % 3 == 1 else HONEST)
    attacks = ("forge/os_exit_zero", "steal/previous_students", "outlive/ignore_every_signal", "wire/duplicate")
    for number, name in enumerate(attacks):
        shutil.copy(HERE / f"{name}.py", mixed / f"honest_{number}_.py")
    for name in ("zip_bomb", "name_with_codes", "notebook_deep_json", "named_pipe"):
        BUILDERS[name](mixed)

    alone = {
        report.submission: without_times(report)
        for report in grade_class(assignment, find_submissions([honest], "tiny"), tmp_path / "a", jobs=1)
    }
    among = {
        report.submission: without_times(report)
        for report in grade_class(assignment, find_submissions([mixed], "tiny"), tmp_path / "b", jobs=2)
    }

    assert len(alone) == 6 and len(among) == 14
    assert {name: among[name] for name in alone} == alone
