"""What grade, rehearse and release do first: grade the reference solutions, once for each state of an assignment."""

from __future__ import annotations

from collections.abc import Sequence

import click

from autograder.assignment import Assignment
from autograder.grade.reference_gate import expect_sound


def expect_right_references(assignments: Sequence[Assignment], consequence: str) -> None:
    """Says that it waits where it does; an AssignmentError with every fault where a reference is not right."""
    expect_sound(assignments, consequence, lambda sentence: click.echo(sentence, err=True))
