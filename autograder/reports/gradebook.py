"""The class's grades as CSV, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence

from autograder.reports.class_summary import is_final, not_counted
from autograder.reports.remarks import remarks_text
from autograder.reports.text import number, plain_line
from autograder.results import CATEGORIES, CheckResult, GradeReport

# What makes Excel, LibreOffice or Google Sheets evaluate a cell; the last four are the full-width twins.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def gradebook_csv(reports: Sequence[GradeReport]) -> str:
    """One row per submission, sorted by name: status, score, points per category, one column per task, remarks.

    The score of a submission that the grader could not finish is left blank: a zero there would be read as a
    grade. Its other columns hold what was earned so far; a task or category in which a check could not be run is
    blank as well. Where there is such a check, the column ``not_counted`` names it and its points.
    """
    tasks = list(dict.fromkeys(task.id for report in reports for task in report.tasks))
    header = ["submission", "status", "score", "max_score", *CATEGORIES]
    header += [*(f"task {plain_line(task)}" for task in tasks), "remarks"]
    uncounted = any(map(not_counted, reports))
    header += ["not_counted"] if uncounted else []
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    for report in sorted(reports, key=lambda r: (r.submission, r.assignment)):
        earned = {task.id: task.score for task in report.tasks if is_final(report) or report.checks}
        missing = 0.0 if is_final(report) else None  # unreadable: a zero like the score; unfinished: unknown
        lacking = not_counted(report)
        without = {check.task for check in lacking} | {check.category for check in lacking}
        writer.writerow(
            [
                text_cell(report.submission),
                text_cell(report.status),
                number_cell(report.score if is_final(report) else None),
                number_cell(report.max_score),
                *(
                    number_cell(None if name in without else report.categories.get(name, (missing, missing))[0])
                    for name in CATEGORIES
                ),
                *(number_cell(None if task in without else earned.get(task, missing)) for task in tasks),
                text_cell(remarks_text(report)),
                *([text_cell(_listed(lacking))] if uncounted else []),
            ]
        )
    return out.getvalue()


def _listed(checks: Sequence[CheckResult]) -> str:
    return ", ".join(f"{check.check} ({number(check.max_score)})" for check in checks)


def text_cell(text: str) -> str:
    """The text on one line, with an apostrophe before anything that a spreadsheet would evaluate."""
    line = plain_line(text)
    return f"'{line}" if line.startswith(_FORMULA_STARTS) else line


def number_cell(value: float | None) -> str:
    """The number without float noise; blank where there is none."""
    return "" if value is None or not math.isfinite(value) else number(value)
