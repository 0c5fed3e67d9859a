from __future__ import annotations

import json
import math
import re
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.reports.results_json import gradescope_json, gradescope_results
from autograder.results import CheckResult, Diagnostic, Figure, GradeReport, Outcome
from tests.platforms.gradescope.schema import RESULTS

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)
ANY_FLOAT = st.floats(allow_nan=True, allow_infinity=True)


def refuse(token: str) -> None:
    raise AssertionError(f"bare {token} in the JSON")


def parsed(data: bytes) -> Any:
    result = json.loads(data.decode("utf-8"), parse_constant=refuse)
    RESULTS.validate(result)
    return result


def test_the_schema_is_a_schema() -> None:
    RESULTS.check_schema(RESULTS.schema)


def test_golden(report: GradeReport, agrees_with_golden: Any) -> None:
    text = gradescope_json(report).decode("utf-8")
    parsed(text.encode("utf-8"))
    # the picture's bytes belong to the installed matplotlib
    agrees_with_golden("results.json", re.sub(r"(data:image/png;base64,)[A-Za-z0-9+/=]+", r"\1…", text))


def test_text_only_golden(report: GradeReport, agrees_with_golden: Any) -> None:
    text = gradescope_json(report, html=False).decode("utf-8")
    parsed(text.encode("utf-8"))
    assert "<" not in text
    agrees_with_golden("results-text.json", text)


def test_equal_reports_give_equal_bytes(report: GradeReport) -> None:
    shuffled = msgspec.structs.replace(report, categories=dict(reversed(report.categories.items())))
    assert gradescope_json(report) == gradescope_json(shuffled)


def test_integrity_and_isolation_are_not_for_students(report: GradeReport) -> None:
    assert "socket" not in gradescope_json(report).decode()


def test_remarks_and_what_is_not_counted_are_kept_where_no_student_reads(report: GradeReport) -> None:
    broken = msgspec.structs.replace(report.checks[0], check="test_x[1]", max_score=3.0, outcome=Outcome.INTERNAL_ERROR)
    odd = msgspec.structs.replace(report, checks=(broken,), remarks=("ada.py was graded,\nnot b.py",))
    results = parsed(gradescope_json(odd))
    assert results["extra_data"]["remarks"] == ["ada.py was graded, not b.py"]
    assert results["tests"][0]["extra_data"]["not_counted"] == {"check": "test_x[1]", "points": 3.0}
    shown = [results["output"], *(value for test in results["tests"] for key, value in test.items() if key == "output")]
    assert not any("was graded" in text for text in shown)
    assert "remarks" not in parsed(gradescope_json(report))["extra_data"]


@pytest.mark.parametrize("status", ["incomplete", "unreadable", "internal_error"])
@pytest.mark.parametrize("html", [True, False])
def test_a_report_without_checks_is_valid_and_says_why(status: str, html: bool) -> None:
    empty = GradeReport(submission="a", assignment="b", title="c", status=status, notes=("line 3 is broken",))
    result = parsed(gradescope_json(empty, html=html))
    assert result["tests"] == []
    assert result["score"] == 0
    assert "line 3 is broken" in result["output"]
    assert len(result["output"]) > 40


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_is_valid(outcome: Outcome, report: GradeReport) -> None:
    check = msgspec.structs.replace(report.checks[0], outcome=outcome)
    test = parsed(gradescope_json(msgspec.structs.replace(report, checks=(check,))))["tests"][0]
    if outcome is Outcome.INTERNAL_ERROR:
        assert not {"status", "score", "max_score"} & test.keys()  # neither earned nor lost
    else:
        assert test["status"] == ("passed" if outcome is Outcome.PASSED else "failed")
    assert test["extra_data"]["outcome"] == outcome.value


def test_an_unknown_visibility_hides(report: GradeReport) -> None:
    check = msgspec.structs.replace(report.checks[0], visibility="Visible!")
    results = gradescope_results(msgspec.structs.replace(report, checks=(check,)))
    assert results["tests"][0]["visibility"] == "hidden"


def test_thirds_add_up(report: GradeReport) -> None:
    check = msgspec.structs.replace(report.checks[0], max_score=1 / 3, score=1 / 3)
    tests = gradescope_results(msgspec.structs.replace(report, checks=(check,) * 3))["tests"]
    assert math.isclose(sum(t["max_score"] for t in tests), 1, abs_tol=1e-9)


@settings(max_examples=40, deadline=None)
@given(text=ANY_TEXT, score=ANY_FLOAT, html=st.booleans(), values=st.lists(ANY_FLOAT, max_size=3))
def test_any_text_and_any_number_is_valid(text: str, score: float, html: bool, values: list[float]) -> None:
    diagnostic = Diagnostic(code=text, name=text, message=text, line=3, step=None)
    check = CheckResult(
        task=text,
        check=text,
        title=text,
        category=text,
        max_score=1.0,
        score=score,
        feedback=text,
        visibility=text,
        diagnostics=(diagnostic,),
        figure=Figure(kind="table", title=text, series={text: values}),
        student_seconds=score,
    )
    report = GradeReport(
        submission=text,
        assignment=text,
        title=text,
        status=text,
        checks=(check,),
        notes=(text,),
        categories={text: (score, 1.0)},
        score=score,
        seconds=score,
        student_seconds=score,
    )
    parsed(gradescope_json(report, html=html))
