"""A course and its assignments, read from ``assignment.toml`` and checked, so that nothing else parses it."""

from __future__ import annotations

from autograder.assignment.assignment import Assignment, read_slug
from autograder.assignment.config import AttemptLimit, HygienePolicy, LatePolicy, LeaderboardEntry, Limits, Task
from autograder.assignment.course import Course, find_course
from autograder.assignment.faults import assignment_problems
from autograder.assignment.handed_out import body_digests, to_repair, untouched
from autograder.assignment.lines import key_line, toml_line
from autograder.assignment.reading import read_toml

__all__ = [
    "Assignment",
    "AttemptLimit",
    "Course",
    "HygienePolicy",
    "LatePolicy",
    "LeaderboardEntry",
    "Limits",
    "Task",
    "assignment_problems",
    "body_digests",
    "find_course",
    "key_line",
    "read_slug",
    "read_toml",
    "to_repair",
    "toml_line",
    "untouched",
]
