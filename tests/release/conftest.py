"""Releases of this course's own assignments, and an assignment with all that a release has to cope with."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.assignment import Assignment, Course
from autograder.release import Files, student_files

# The tiny course is data: pytest never collects it.
collect_ignore_glob = ["tiny/*"]

ROOT = Path(__file__).parents[2]
TINY = Path(__file__).parent / "tiny"


@pytest.fixture(scope="session", params=Course(ROOT).slugs)
def assignment(request: pytest.FixtureRequest, course: Course) -> Assignment:
    """Each assignment of the course."""
    return course.assignment(request.param)


@pytest.fixture(scope="session")
def tiny() -> Assignment:
    """An assignment with everything that a release has to cope with, graded in no time."""
    return Course(TINY).assignment("tiny")


@pytest.fixture(scope="session")
def small_files(small: Assignment) -> Files:
    return student_files(small)
