from __future__ import annotations

import io

import msgspec
import pytest
from rich.console import Console

from autograder.reports.class_summary import summarize
from autograder.reports.table import class_table, remark_lines, summary_line
from autograder.results import GradeReport


def printed(*reports: GradeReport) -> str:
    out = io.StringIO()
    console = Console(file=out, width=140, force_terminal=False, color_system=None)
    console.print(class_table(reports, "[red]Class[/red]"))
    console.print(summary_line(reports))
    return out.getvalue()


def scored(report: GradeReport, name: str, score: float, status: str = "graded") -> GradeReport:
    return msgspec.structs.replace(report, submission=name, score=score, status=status, integrity=())


def test_one_row_each_and_a_summary(report: GradeReport) -> None:
    text = printed(scored(report, "cy", 12), scored(report, "ada", 6), scored(report, "bo", 0, "internal_error"))
    lines = text.splitlines()
    assert [line.split()[0] for line in lines if " / 12" in line] == ["ada", "bo", "cy"]
    assert "internal error" in text and "– / 12" in text
    assert lines[-1] == "3 submissions · mean 75% · median 75% · 1 with full marks · 1 needs a person"
    assert "[red]Class[/red]" in text


@pytest.mark.parametrize(
    ("width", "headings"), [(80, "Correct. Converg. Hygiene"), (120, "Correctness Convergence Hygiene")]
)
def test_headings_are_not_cut(report: GradeReport, width: int, headings: str) -> None:
    out = io.StringIO()
    long_name = scored(report, "a_student_with_a_rather_long_name_as_in_an_export", 6)
    Console(file=out, width=width, color_system=None).print(class_table([long_name], "Class", width=width))
    assert headings in " ".join(out.getvalue().splitlines()[2].split())
    assert max(map(len, out.getvalue().splitlines())) <= width


def test_remarks_are_marked_in_the_table_and_listed_below(report: GradeReport) -> None:
    odd = msgspec.structs.replace(scored(report, "bo", 6), remarks=("the handout, [b]unchanged[/b]", "x\x1b[31m\ny"))
    text = printed(scored(report, "ada", 6), odd)
    assert [line.rstrip().endswith("graded *") for line in text.splitlines() if " / 12" in line] == [False, True]
    assert [line.plain for line in remark_lines([odd, report])] == ["* bo: the handout, [b]unchanged[/b]; x y"]
    assert len(remark_lines([scored(odd, str(number), 1) for number in range(40)])) == 31


def test_an_empty_class() -> None:
    assert printed().splitlines()[-1] == "0 submissions"


@pytest.mark.parametrize("name", ["[bold red]eve[/]", "[link=http://x]y", "[/]", "\\[x]"])
def test_names_are_not_markup(report: GradeReport, name: str) -> None:
    assert name in printed(scored(report, name, 1))


def test_hostile_names_are_one_plain_row(report: GradeReport, hostile: str) -> None:
    text = printed(scored(report, hostile, 1))
    assert len(text.splitlines()) == len(printed(scored(report, "x", 1)).splitlines())
    assert "\x1b" not in text and "\u202e" not in text
    text.encode("utf-8")


def test_summary_bins_and_frequencies(report: GradeReport) -> None:
    reports = [scored(report, str(k), s) for k, s in enumerate([0, 1.2, 11.9, 12, 13, float("nan")])]
    summary = summarize(reports)
    assert summary.histogram == (2, 1, 0, 0, 0, 0, 0, 0, 0, 3)
    assert summary.full_marks == 2
    assert [(f.label, f.count) for f in summary.hygiene] == [("GH101", 6)]
    # Both cases of test_converges fail in each of the six: a submission counts once.
    assert [(f.label, f.count) for f in summary.failures] == [("test_converges", 6), ("test_hygiene", 6)]
    assert not any("(" in f.detail for f in summary.failures)
    assert [round(t.fraction, 3) for t in summary.tasks] == [1, 0.05, 0]
