"""The assignment that a release has everything to cope with, as the platforms are handed it."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.assignment import Assignment, Course

TINY = Path(__file__).parents[1] / "release" / "tiny"


@pytest.fixture(scope="session")
def tiny() -> Assignment:
    """The assignment of tests/release/tiny, graded in no time."""
    return Course(TINY).assignment("tiny")
