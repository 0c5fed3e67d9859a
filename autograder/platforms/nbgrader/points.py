"""What the test cells of an nbgrader notebook call: each ends in one number, the points that were earned.

While a student works, the public checks run in the notebook's own kernel. When the course that `autograder release`
made is graded, no cell runs: the preprocessor beside this file asks the judge. Under another configuration nbgrader
runs the cells (it says so in the environment); then they ask the judge, once, beside the kernel.
"""

from __future__ import annotations

import os
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from autograder.errors import AssignmentError, GraderError
from autograder.results import CheckResult, GradeReport

if TYPE_CHECKING:
    from collections.abc import Sequence


class Points(float):
    """A number of points that says in a notebook what it is made of."""

    checks: tuple[CheckResult, ...] = ()

    def _repr_html_(self) -> str:
        """The checks behind the number, with their feedback."""
        from autograder.reports.notebook import checks_html

        return checks_html(self.checks)


def public_points(task: str, category: str) -> Points:
    """The points that the public checks of one category give for a task."""
    if _is_grading():
        return _judged(task, category, hidden=False)
    from autograder.student.notebook import check

    return _points([one for one in check(task).checks if one.category == category])


def hidden_points(task: str, category: str) -> Points:
    """The points that the hidden checks of one category give for a task; on the grader's machine only."""
    return _judged(task, category, hidden=True)


def _judged(task: str, category: str, *, hidden: bool) -> Points:
    return judged_points(_report(Path.cwd()), task, category, hidden=hidden)


def judged_points(report: GradeReport, task: str, category: str, *, hidden: bool) -> Points:
    """A cell's part of the judge's report."""
    return _points([one for one in report.checks if (one.task, one.category, one.hidden) == (task, category, hidden)])


def _points(checks: Sequence[CheckResult]) -> Points:
    points = Points(round(sum(check.score for check in checks), 4))
    points.checks = tuple(checks)
    return points


@lru_cache(maxsize=1)
def _report(folder: Path) -> GradeReport:
    return judge_notebook(folder)


def judge_notebook(folder: Path) -> GradeReport:
    """The judge's report on the notebook in ``folder``, made by a process of its own.

    Raises GraderError where the judge could not grade it: a person has to look, it is no zero.
    """
    from autograder.assignment import find_course, read_slug

    slug = read_slug(folder)
    course = find_course(folder)
    if not (course.root / "solutions" / slug).is_dir():
        raise AssignmentError(f"{course.root} has no solutions for {slug}: AUTOGRADER_COURSE must name the course.")
    command = [sys.executable, "-m", "autograder.grade.single", str(course.root), slug, str(folder / f"{slug}.ipynb")]
    # Nothing of the kernel's own state may reach the judge, and its stderr must not reach the cell: nbgrader
    # takes anything there for a failure.
    done = subprocess.run(command, cwd=course.root, capture_output=True, check=False)
    if done.returncode != 0:
        raise GraderError(f"The judge failed: {done.stderr.decode('utf-8', 'replace')[-600:]}")
    report = msgspec.json.decode(done.stdout, type=GradeReport)
    if report.status not in ("graded", "unreadable"):
        raise GraderError("The grader could not grade this notebook: look at it by hand.")
    return report


def _is_grading() -> bool:
    return os.environ.get("NBGRADER_EXECUTION") == "autograde"
