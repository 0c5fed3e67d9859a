"""Intake: from the paths on the command line to one named source text per student."""

from __future__ import annotations

from autograder.submission.find import find_submissions
from autograder.submission.read import read_submission
from autograder.submission.types import Submission, SubmissionFile

__all__ = ["Submission", "SubmissionFile", "find_submissions", "read_submission"]
