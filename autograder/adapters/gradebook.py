"""The class's grades as CSV, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence

from autograder.reports.class_summary import is_final
from autograder.reports.remarks import remarks_text
from autograder.reports.text import number, plain_line
from autograder.results import CATEGORIES, GradeReport

# What makes Excel, LibreOffice or Google Sheets evaluate a cell; the last four are the full-width twins.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def gradebook_csv(reports: Sequence[GradeReport]) -> str:
    """One row per submission, sorted by name: status, score, points per category, one column per task, remarks.

    The score of a submission that the grader could not finish is left blank: a zero there would be read as a
    grade. Its other columns hold what was earned so far.
    """
    tasks = list(dict.fromkeys(task.id for report in reports for task in report.tasks))
    header = ["submission", "status", "score", "max_score", *CATEGORIES]
    header += [*(f"task {plain_line(task)}" for task in tasks), "remarks"]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    for report in sorted(reports, key=lambda r: (r.submission, r.assignment)):
        earned = {task.id: task.score for task in report.tasks}
        missing = 0.0 if is_final(report) else None  # unreadable: a zero like the score; unfinished: unknown
        writer.writerow(
            [
                text_cell(report.submission),
                text_cell(report.status),
                number_cell(report.score if is_final(report) else None),
                number_cell(report.max_score),
                *(number_cell(report.categories.get(name, (missing, missing))[0]) for name in CATEGORIES),
                *(number_cell(earned.get(task, missing)) for task in tasks),
                text_cell(remarks_text(report)),
            ]
        )
    return out.getvalue()


def text_cell(text: str) -> str:
    """The text on one line, with an apostrophe before anything that a spreadsheet would evaluate."""
    line = plain_line(text)
    return f"'{line}" if line.startswith(_FORMULA_STARTS) else line


def number_cell(value: float | None) -> str:
    """The number without float noise; blank where there is none."""
    return "" if value is None or not math.isfinite(value) else number(value)
