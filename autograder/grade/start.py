"""Starting a judge: its process and that of its warmed worker import torch at the same time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograder.assignment import Assignment
from autograder.sandbox.launch import launch

if TYPE_CHECKING:
    from autograder.grade.judge import Judge


def start_judge(assignment: Assignment) -> Judge:
    """A judge of the assignment; raises AssignmentError where its files cannot be run, WorkerError without a worker."""
    launched = launch()
    try:
        from autograder.grade.judge import Judge  # torch, which takes as long as the worker's

        return Judge(assignment, launched)
    except BaseException:
        launched.end()
        raise
