"""Real `otter grade` on three submissions: the same scores as `autograder grade`, without a network as well."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from autograder.assignment import Assignment
from autograder.grade.judge import Judge
from autograder.submission import find_submissions, read_submission


def our_scores(assignment: Assignment, folder: Path) -> dict[str, float]:
    with Judge(assignment) as judge:
        return {
            file.path.name: judge.grade(read_submission(file, assignment.slug)).score
            for file in find_submissions([folder], assignment.slug)
        }


def otters_scores(folder: Path) -> dict[str, float]:
    with (folder / "final_grades.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert rows[0]["file"] == "points-per-question"
    assert {row["grading_status"] for row in rows[1:]} == {"Completed"}
    return {row["file"]: float(row["total_points_earned"]) for row in rows[1:]}


@pytest.mark.filterwarnings("ignore")
def test_the_scores_are_those_of_autograder_grade(
    image: str, zip_file: Path, submissions: Path, polynomials: Assignment, tmp_path: Path
) -> None:
    grade = pytest.importorskip("otter.grade", exc_type=ImportError)
    grade.main(
        name="autograder-test",
        paths=[str(submissions)],
        autograder=str(zip_file),
        output_dir=str(tmp_path),
        ext="py",
        image=image,
        containers=2,
        no_network=True,
    )
    assert otters_scores(tmp_path) == pytest.approx(our_scores(polynomials, submissions))
