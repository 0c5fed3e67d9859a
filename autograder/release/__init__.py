"""From an assignment to everything that is handed out: folders, zips and an nbgrader course.

Each artefact is a pure mapping from a path to bytes; one place writes, zips and compares them.
"""

from __future__ import annotations

from autograder.release.artefact import Files
from autograder.release.grading import autograder_files
from autograder.release.nbgrader_course import nbgrader_files
from autograder.release.plan import Release, build_release
from autograder.release.student import filled_notebook, student_files

__all__ = [
    "Files",
    "Release",
    "autograder_files",
    "build_release",
    "filled_notebook",
    "nbgrader_files",
    "student_files",
]
