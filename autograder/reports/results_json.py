"""Gradescope's results.json."""

from __future__ import annotations

import json
import math
from typing import Any

from autograder.reports.class_summary import points_not_counted
from autograder.reports.html import check_html, check_name, status_sentence, submission_html
from autograder.reports.text import plain_line, plain_text
from autograder.results import CATEGORIES, VISIBILITIES, CheckResult, GradeReport, Outcome

MAX_OUTPUT = 400_000
"""Characters of html that one test may carry, its picture included; above, the plain text is sent."""


def gradescope_results(report: GradeReport, *, html: bool = True) -> dict[str, Any]:
    """The report as the dictionary that Gradescope reads; ``html=False`` leaves pictures and markup out.

    Valid at every moment of grading: an incomplete report is a smaller one. Remarks on integrity are left
    out, for students see what Gradescope shows. A check that could not be run has no score, and the output says
    first how many points are not counted yet: Gradescope knows no score that is blank.
    """
    text_format = "html" if html else "text"
    missing = points_not_counted(report)
    return {
        "score": _finite(report.score),
        "execution_time": _seconds(report.seconds),
        "output": submission_html(report) if html else _submission_text(report),
        "output_format": text_format,
        "test_output_format": text_format,
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": {
            "submission": plain_line(report.submission),
            "status": plain_line(report.status),
            "categories": {
                plain_line(name): [_finite(v) for v in report.categories[name]] for name in _ordered(report)
            },
            "seconds": {"student": _seconds(report.student_seconds)},
            **({"points_not_counted": _finite(missing)} if missing else {}),
            # for whoever reads results back; no platform shows extra_data to students
            **({"remarks": [plain_line(remark) for remark in report.remarks]} if report.remarks else {}),
        },
        "tests": [_test(check, number, html) for check, number in _numbered(report.checks)],
    }


def gradescope_json(report: GradeReport, *, html: bool = True) -> bytes:
    """The same as UTF-8 JSON: equal reports give equal bytes, and no NaN or Infinity ever appears."""
    return as_json(gradescope_results(report, html=html))


def as_json(results: dict[str, Any]) -> bytes:
    """The dictionary as the bytes of results.json."""
    text = json.dumps(results, ensure_ascii=False, allow_nan=False, indent=1)
    return text.encode("utf-8") + b"\n"


def _test(check: CheckResult, number: str, html: bool) -> dict[str, Any]:
    text_format = "text"
    output = _check_text(check)
    if html and len(fragment := check_html(check)) <= MAX_OUTPUT:
        text_format, output = "html", fragment
    verdict: dict[str, Any] = {
        "score": _finite(check.score),
        "max_score": _finite(check.max_score),
        "status": "passed" if check.outcome is Outcome.PASSED else "failed",
    }
    uncounted: dict[str, Any] = {}
    if check.outcome is Outcome.INTERNAL_ERROR:
        verdict = {}  # neither earned nor lost: a zero would be read as lost
        uncounted = {"not_counted": {"check": plain_line(check.check), "points": _finite(check.max_score)}}
    return verdict | {
        "name": check_name(check),
        "name_format": "text",
        "number": number,
        "output": output,
        "output_format": text_format,
        "tags": [plain_line(check.category)],
        # an unknown word must not show what was meant to be hidden
        "visibility": check.visibility if check.visibility in VISIBILITIES else "hidden",
        "extra_data": {
            "task": plain_line(check.task),
            "category": plain_line(check.category),
            "outcome": check.outcome.value,
            **uncounted,
            "diagnostics": [
                {
                    "code": plain_line(d.code),
                    "name": plain_line(d.name),
                    "line": d.line,
                    "place": plain_line(d.where),
                    "step": d.step,
                    "message": plain_text(d.message),
                }
                for d in check.diagnostics
            ],
        },
    }


def _numbered(checks: tuple[CheckResult, ...]) -> list[tuple[CheckResult, str]]:
    """Each check with its task and its position there: ``1.3.1``, ``1.3.2``."""
    seen: dict[str, int] = {}
    numbered = []
    for check in checks:
        seen[check.task] = seen.get(check.task, 0) + 1
        numbered.append((check, f"{plain_line(check.task)}.{seen[check.task]}"))
    return numbered


def _check_text(check: CheckResult) -> str:
    parts = [plain_text(check.feedback)]
    for d in check.diagnostics:
        place = f", {plain_line(d.where)}" if d.where else ""
        place += f", step {d.step}" if d.step is not None else ""
        parts.append(f"{plain_line(d.code)} {plain_line(d.name)}{place}: {plain_text(d.message)}")
    return "\n".join(part for part in parts if part)


def _submission_text(report: GradeReport) -> str:
    return "\n".join(part for part in (status_sentence(report), *map(plain_text, report.notes)) if part)


def _ordered(report: GradeReport) -> list[str]:
    known = [name for name in CATEGORIES if name in report.categories]
    return known + sorted(set(report.categories) - set(known))


def _finite(value: float) -> float:
    # ten digits: no float noise, yet thirds still add up for every platform that rounds to cents
    return round(float(value), 10) + 0.0 if math.isfinite(value) else 0.0


def _seconds(value: float) -> float:
    return round(max(0.0, float(value)), 3) if math.isfinite(value) else 0.0
