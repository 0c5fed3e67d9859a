"""The proof, before a release, that an assignment's checks catch wrong code and pass right code."""

from autograder.verify.proof import (
    TRIVIAL,
    Finding,
    subjects,
    verify_assignment,
    verify_pair,
    verify_promises,
    verify_subject,
    verify_trivial_file,
)

__all__ = [
    "TRIVIAL",
    "Finding",
    "subjects",
    "verify_assignment",
    "verify_pair",
    "verify_promises",
    "verify_subject",
    "verify_trivial_file",
]
