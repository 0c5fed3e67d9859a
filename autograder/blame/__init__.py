"""Whose fault is it that a check's own code stopped? The author's, unless the submission's answers tell otherwise."""

from autograder.blame.calls import Call, Witness
from autograder.blame.places import Places
from autograder.blame.verdict import Trip, is_the_authors, students_fault
from autograder.blame.wording import collection_fault, described, open_question, place_of, reads_output

__all__ = [
    "Call",
    "Places",
    "Trip",
    "Witness",
    "collection_fault",
    "described",
    "is_the_authors",
    "open_question",
    "place_of",
    "reads_output",
    "students_fault",
]
