"""The course image from the project's own Dockerfile, and a class to grade in it."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.assignment import Assignment, Course
from autograder.release.artefact import write_files, zip_bytes
from autograder.release.grading import autograder_files, set_up_files
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


@pytest.fixture(scope="session")
def polynomials() -> Assignment:
    return Course(ROOT).assignment("polynomial_regression")


@pytest.fixture
def zip_file(polynomials: Assignment, tmp_path: Path) -> Path:
    """The assignment's zip for Gradescope and Otter."""
    path = tmp_path / "polynomial_regression-autograder.zip"
    path.write_bytes(zip_bytes(autograder_files(polynomials)))
    return path


@pytest.fixture
def submissions(polynomials: Assignment, tmp_path: Path) -> Iterator[Path]:
    """Three submissions: the reference, the stub, and one with a fault."""
    folder = tmp_path / "submissions"
    folder.mkdir()
    shutil.copy(polynomials.solution, folder / "ada.py")
    shutil.copy(polynomials.stub, folder / "ben.py")
    shutil.copy(polynomials.solution.parent / "wrong" / "autograd_gradients_pile_up.py", folder / "cleo.py")
    yield folder
