"""The proof, before a release, that an assignment's checks catch wrong code and pass right code."""

from autograder.verify.proof import Finding, verify_assignment

__all__ = ["Finding", "verify_assignment"]
