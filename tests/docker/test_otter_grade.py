"""Real `otter grade`, without a network: task by task the scores of `autograder grade`."""

from __future__ import annotations

import csv
from pathlib import Path

import jupytext
import pytest

from autograder.assignment import Assignment
from autograder.grade.judge import Judge
from autograder.submission import find_submissions, read_submission

Scores = dict[str, dict[str, float]]
"""File to task to points."""


def our_scores(assignment: Assignment, folder: Path) -> Scores:
    with Judge(assignment) as judge:
        return {
            file.path.name: {task.id: task.score for task in judge.grade(read_submission(file, assignment.slug)).tasks}
            for file in find_submissions([folder], assignment.slug)
        }


def otters_scores(assignment: Assignment, folder: Path) -> Scores:
    with (folder / "final_grades.csv").open(encoding="utf-8") as stream:
        points, *rows = csv.DictReader(stream)
    tasks = [task.id for task in assignment.tasks]
    assert points["file"] == "points-per-question"
    # Otter adds the points of checks up by itself, and quarters and fifths do not add up exactly.
    assert {task: float(points[task]) for task in tasks} == pytest.approx({t.id: t.points for t in assignment.tasks})
    assert {row["grading_status"] for row in rows} == {"Completed"}
    for row in rows:
        assert float(row["total_points_earned"]) == pytest.approx(sum(float(row[task]) for task in tasks))
    return {row["file"]: {task: float(row[task]) for task in tasks} for row in rows}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("assignment", "ext"),
    [
        ("polynomial_regression", "py"),
        ("polynomial_regression", "ipynb"),
        ("autograd_pitfalls", "ipynb"),
        ("least_squares", "py"),
        ("truncated_backpropagation", "ipynb"),
    ],
    indirect=["assignment"],
)
def test_the_scores_are_those_of_autograder_grade(
    image: str, zip_file: Path, submissions: Path, assignment: Assignment, tmp_path: Path, ext: str
) -> None:
    grade = pytest.importorskip("otter.grade", exc_type=ImportError)
    if ext == "ipynb":
        for path in submissions.iterdir():
            jupytext.write(jupytext.read(path, fmt="py:percent"), path.with_suffix(".ipynb"))
            path.unlink()
    grade.main(
        name="autograder-test",
        paths=[str(submissions)],
        autograder=str(zip_file),
        output_dir=str(tmp_path),
        ext=ext,
        image=image,
        containers=2,
        no_network=True,
    )
    found = otters_scores(assignment, tmp_path)
    assert len(found) == 3
    ours = our_scores(assignment, submissions)
    assert found.keys() == ours.keys()
    assert all(found[name] == pytest.approx(ours[name]) for name in ours)
