from __future__ import annotations

import csv
import io
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.reports.gradebook import gradebook_csv, text_cell
from autograder.results import GradeReport

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=40)


def named(report: GradeReport, name: str, **changes: Any) -> GradeReport:
    return msgspec.structs.replace(report, submission=name, **changes)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_golden(report: GradeReport, agrees_with_golden: Any) -> None:
    nothing: dict[str, Any] = {"checks": (), "tasks": (), "categories": {}, "score": 0.0}
    reports = [
        report,
        named(report, "zoe", status="unreadable", **nothing),
        named(report, '=HYPERLINK("http://x")', status="internal_error"),
        named(report, "Brontë, Emily\nline two", score=1 / 3, remarks=("=1+1", "ada.py was graded,\nnot ada (1).py")),
    ]
    agrees_with_golden("grades.csv", gradebook_csv(reports))


def test_order_of_the_reports_does_not_matter(report: GradeReport) -> None:
    reports = [named(report, name) for name in "cab"]
    assert gradebook_csv(reports) == gradebook_csv(reports[::-1])
    assert [row["submission"] for row in rows(gradebook_csv(reports))] == ["a", "b", "c"]


def test_no_grade_is_written_where_the_grader_failed(report: GradeReport) -> None:
    for status in ("internal_error", "incomplete"):
        (row,) = rows(gradebook_csv([named(report, "a", status=status, score=0.0)]))
        assert (row["status"], row["score"], row["max_score"]) == (status, "", "12")


def test_an_empty_class_has_a_header() -> None:
    assert gradebook_csv([]) == "submission,status,score,max_score,correctness,convergence,hygiene,remarks\n"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", " =", "\x1b[1m=", "\u202e=", "＝"])
def test_formulas_become_text(start: str) -> None:
    cell = text_cell(start + "cmd|' /C calc'!A0")
    assert cell.startswith("'") and "\x1b" not in cell


@settings(max_examples=60, deadline=None)
@given(name=ANY_TEXT)
@example(name='a","=1+1')
@example(name="a\n=1+1,2")
@example(name="\ud800")
def test_any_name_stays_one_cell(name: str) -> None:
    report = GradeReport(submission=name, assignment="a", title="t", status="graded", score=1, max_score=2)
    text = gradebook_csv([report])
    text.encode("utf-8")
    (row,) = rows(text)
    assert row["submission"] == text_cell(name)
    assert not row["submission"].startswith(("=", "+", "-", "@", "\t", "\r"))
    assert (row["status"], row["score"], row["max_score"]) == ("graded", "1", "2")
