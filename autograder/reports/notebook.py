"""The result of checks in a notebook: a fragment with its own styles, for light and dark themes."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.reports.html import render
from autograder.results import CheckResult, Outcome


def checks_html(checks: Sequence[CheckResult]) -> str:
    """The checks with their feedback and pictures; nothing a student wrote is markup."""
    passed = sum(one.outcome is Outcome.PASSED for one in checks)
    return render("notebook.html", checks=checks, passed=passed).strip()
