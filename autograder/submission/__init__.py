"""Intake: from the paths on the command line to one named source text per student."""

from __future__ import annotations

from autograder.submission.find import Found, find_class, find_submissions
from autograder.submission.read import read_submission
from autograder.submission.types import Submission, SubmissionFile
from autograder.submission.wanted import Wanted, wanted

__all__ = [
    "Found",
    "Submission",
    "SubmissionFile",
    "Wanted",
    "find_class",
    "find_submissions",
    "read_submission",
    "wanted",
]
