"""The course image from the project's own Dockerfile, and a class to grade in it."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from autograder.assignment import Assignment, Course
from autograder.release.artefact import write_files, zip_bytes
from autograder.release.grading import autograder_files, set_up_files
from autograder.verify.headers import read_header
from autograder.verify.proof import samples
from tests.docker import engine

ROOT = Path(__file__).parents[2]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = [item for item in items if Path(__file__).parent in item.path.parents]
    reason = engine.why_not() if here else ""
    for item in here:
        item.add_marker(pytest.mark.docker)
        if reason:
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def image(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of the course image, freshly built."""
    context = tmp_path_factory.mktemp("context")
    shutil.copy(ROOT / "Dockerfile", context)
    course = Course(ROOT)
    set_up = set_up_files([course.assignment(slug) for slug in course.slugs])
    write_files(context / "dist" / "course-image", set_up)
    if wheels := os.environ.get(engine.WHEELS):
        shutil.copytree(wheels, context / "dist" / "course-image" / "wheels")
    base = os.environ.get(engine.BASE)
    arguments = ["--build-arg", f"BASE_IMAGE={base}"] if base else []
    started = time.monotonic()
    engine.docker("buildx", "build", "--load", *arguments, "-t", "autograder-course-test", str(context))
    print(f"\ncourse image: {time.monotonic() - started:.0f} s")
    return "autograder-course-test"


@pytest.fixture
def assignment(request: pytest.FixtureRequest) -> Assignment:
    """The one that a test names by `parametrize(..., indirect=True)`, else polynomial regression."""
    return Course(ROOT).assignment(getattr(request, "param", "polynomial_regression"))


@pytest.fixture
def zip_file(assignment: Assignment, tmp_path: Path) -> Path:
    """The assignment's zip for Gradescope and Otter."""
    path = tmp_path / f"{assignment.slug}-autograder.zip"
    path.write_bytes(zip_bytes(autograder_files(assignment)))
    return path


@pytest.fixture
def submissions(assignment: Assignment, tmp_path: Path) -> Path:
    """Three submissions: the reference, the stub, and one with a fault that a rule finds."""
    folder = tmp_path / "submissions"
    folder.mkdir()
    shutil.copy(assignment.solution, folder / "ada.py")
    shutil.copy(assignment.stub, folder / "ben.py")
    shutil.copy(next(path for path in samples(assignment, "wrong") if read_header(path).hygiene), folder / "cleo.py")
    return folder
