"""What a student has: a release of this course's cheapest assignment in a folder."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder.assignment import Assignment
from autograder.release import Files, student_files
from autograder.release.artefact import write_files


@pytest.fixture(scope="session")
def handout(small: Assignment) -> Files:
    """What students are handed out, built once."""
    return student_files(small)


@pytest.fixture
def release_folder(tmp_path: Path, handout: Files) -> Path:
    """A student's copy of the small assignment, in a folder with another name."""
    folder = tmp_path / "homework (1)"
    write_files(folder, handout)
    return folder


@pytest.fixture
def reference_folder(release_folder: Path, small: Assignment) -> Path:
    """The same, with the reference solution in the module."""
    shutil.copy(small.solution, release_folder / small.solution.name)
    return release_folder
