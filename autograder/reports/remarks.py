"""What was odd about a submission, for the person who grades."""

from __future__ import annotations

from autograder.reports.text import plain_line
from autograder.results import GradeReport


def remarks_text(report: GradeReport) -> str:
    """All remarks on a submission, on one line."""
    return "; ".join(plain_line(remark) for remark in report.remarks)
