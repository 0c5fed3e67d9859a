"""Releases of this course's own assignments, built once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder.assignment import Assignment, Course
from autograder.release import Files, student_files
from autograder.release.artefact import write_files

# The tiny course and its samples are data: pytest never collects them.
collect_ignore_glob = ["tiny/*", "hostile.py"]

ROOT = Path(__file__).parents[2]
TINY = Path(__file__).parent / "tiny"
SMALL = "polynomial_regression"


@pytest.fixture(scope="session")
def course() -> Course:
    return Course(ROOT)


@pytest.fixture(scope="session", params=Course(ROOT).slugs)
def assignment(request: pytest.FixtureRequest, course: Course) -> Assignment:
    """Each assignment of the course."""
    return course.assignment(request.param)


@pytest.fixture(scope="session")
def small(course: Course) -> Assignment:
    """The assignment that is cheapest to grade."""
    return course.assignment(SMALL)


@pytest.fixture(scope="session")
def tiny() -> Assignment:
    """An assignment with everything that a release has to cope with, graded in no time."""
    return Course(TINY).assignment("tiny")


@pytest.fixture(scope="session")
def small_files(small: Assignment) -> Files:
    return student_files(small)


@pytest.fixture
def release_folder(tmp_path: Path, small_files: Files) -> Path:
    """A student's copy of the small assignment, in a folder with another name."""
    folder = tmp_path / "homework (1)"
    write_files(folder, small_files)
    return folder


@pytest.fixture
def reference_folder(release_folder: Path, small: Assignment) -> Path:
    """The same, with the reference solution in the module."""
    shutil.copy(small.solution, release_folder / small.solution.name)
    return release_folder
