"""`otter run` on our zip: Otter's own process never runs the submission, the judge does.

Otter would execute the student's notebook on the TA's machine, in a kernel that also writes the results. This
plugin (the zip's otter_config.json names it) takes the code out before, and puts the judge's results in after.
"""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import nbformat
from otter.plugins import AbstractOtterPlugin  # type: ignore[import-untyped]

from autograder.assignment import Course
from autograder.grade.single import grade_single
from autograder.platforms.layout import COURSE
from autograder.platforms.otter.results_pickle import otter_pickle
from autograder.submission import SubmissionFile


class JudgePlugin(AbstractOtterPlugin):  # type: ignore[misc]
    """Otter's hooks, around the judge."""

    def before_execution(self, submission: Any) -> Any:
        """An empty notebook: Otter has nothing to run."""
        return nbformat.v4.new_notebook()  # type: ignore[no-untyped-call]

    def after_grading(self, results: Any) -> None:
        """Puts the judge's verdicts where Otter keeps its own."""
        path = Path(self.submission_path)
        course = Course(path.parents[1] / COURSE)
        (slug,) = course.slugs
        report = grade_single(course.assignment(slug), SubmissionFile(path.stem, path))
        # Our own bytes, so loading them is safe; only now do they become objects of Otter's classes.
        graded = pickle.loads(otter_pickle(report))
        vars(results).update({key: value for key, value in vars(graded).items() if key != "notebook"})
