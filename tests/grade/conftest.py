"""A class that is graded again and again into one folder."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from autograder.assignment import Assignment
from autograder.grade.classroom import grade_class
from autograder.grade.kept import FILE
from autograder.submission import SubmissionFile


class Grading:
    """Grades texts below one folder and keeps what was said."""

    def __init__(self, assignment: Assignment, folder: Path, judges: Any) -> None:
        self.assignment = assignment
        self.judges = judges
        self.out = folder / "grades"
        self.handed_in = folder / "class"
        self.handed_in.mkdir()
        self.said: list[str] = []
        self.plan = (0, 0)

    def __call__(self, *, assignment: Assignment | None = None, **options: Any) -> list[str]:
        """Grades every file of the class and says whom it graded."""
        self.judges.graded.clear()
        self.said.clear()
        files = [SubmissionFile(path.stem, path) for path in sorted(self.handed_in.iterdir())]
        grade_class(
            assignment or self.assignment,
            files,
            self.out,
            **{"resume": True, "on_notice": self.said.append, "on_plan": self._plan} | options,
        )
        return list(self.judges.graded)

    def _plan(self, kept: int, left: int) -> None:
        self.plan = (kept, left)

    def hand_in(self, **points: object) -> None:
        for path in self.handed_in.iterdir():
            path.unlink()
        for name, text in points.items():
            (self.handed_in / f"{name}.py").write_text(str(text))

    @property
    def scores(self) -> dict[str, str]:
        rows = [line.split(",") for line in (self.out / "grades.csv").read_text().splitlines()[1:]]
        return {row[0]: row[2] for row in rows}

    @property
    def rows(self) -> dict[str, dict[str, str]]:
        with open(self.out / "grades.csv", newline="") as file:
            return {row["submission"]: row for row in csv.DictReader(file)}

    @property
    def files(self) -> set[str]:
        return {str(path.relative_to(self.out)) for path in self.out.rglob("*") if path.is_file()}


@pytest.fixture
def grading(tiny: Assignment, tmp_path: Path, quick_judges: Any) -> Grading:
    return Grading(tiny, tmp_path, quick_judges)


def files_of(*names: str) -> set[str]:
    own = {f"{folder}/{name}{end}" for name in names for folder, end in (("results", ".json"), ("reports", ".html"))}
    return own | {"grades.csv", "index.html", FILE, ".autograder.lock"}
