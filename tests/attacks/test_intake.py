"""Hostile archives, notebooks and names: refused or graded in words, written nowhere, and nobody else's problem."""

from __future__ import annotations

import time

import pytest

from autograder.errors import SubmissionError
from autograder.submission import find_submissions, read_submission
from tests.attacks.grading import HERE
from tests.attacks.intake import BUILDERS

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
