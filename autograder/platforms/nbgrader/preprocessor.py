"""nbgrader without a kernel: when it grades, the judge gives every test cell its number, and no cell runs.

nbgrader itself would run the student's cells on the grader's machine, with the rights of whoever grades, beside the
cells that decide about the points. The course's nbgrader_config.py puts this step in the place of that one.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.errors import GraderError
from autograder.platforms.nbgrader.points import judge_notebook, judged_points
from autograder.reports.html import submission_html
from autograder.reports.notebook import checks_html

_ASKED = re.compile(r'^(public|hidden)_points\("(.+)", "(.+)"\)$', re.MULTILINE)


class AskTheJudge(NbGraderPreprocessor):  # type: ignore[misc]
    """Fills the test cells of a notebook with the judge's verdict, in place of nbgrader's own execution."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """The notebook with the points and the feedback in its test cells; raises GraderError where there are none."""
        tests = [cell for cell in nb.cells if _is_test(cell)]
        asked = [_asked(cell) for cell in tests]
        report = judge_notebook(Path(resources["metadata"]["path"]).resolve())
        said = submission_html(report)
        for cell, (kind, task, category) in zip(tests, asked, strict=True):
            points = judged_points(report, task, category, hidden=kind == "hidden")
            unreadable = report.status == "unreadable"
            html = said if unreadable else said + checks_html(points.checks)
            # What is said of the whole notebook stands above the first check only.
            said = said if unreadable else ""
            data = {"text/plain": repr(float(points)), "text/html": html}
            cell.outputs = [new_output("execute_result", data=data, execution_count=None)]  # type: ignore[no-untyped-call]
        return nb, resources


def _is_test(cell: Any) -> bool:
    about = cell.metadata.get("nbgrader", {})
    return cell.cell_type == "code" and bool(about.get("grade")) and not about.get("solution")


def _asked(cell: Any) -> tuple[str, str, str]:
    """What a test cell asks for: kind, task and category. nbgrader has put the course's own text there before."""
    found = _ASKED.search(cell.source)
    if found is None:
        raise GraderError(
            f"The test cell {cell.metadata.nbgrader.grade_id!r} is not one that `autograder release` makes, so the "
            "judge has no points for it. Without the line autograde_preprocessors in nbgrader_config.py, nbgrader "
            "runs it in a kernel."
        )
    kind, task, category = found.groups()
    return kind, task, category
