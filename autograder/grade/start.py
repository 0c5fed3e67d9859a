"""Starting a judge: its process and that of its warmed worker import torch at the same time."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import TYPE_CHECKING

from autograder.assignment import Assignment
from autograder.sandbox.launch import launch

if TYPE_CHECKING:
    from autograder.grade.judge import Judge


def start_judge(assignment: Assignment, meanwhile: Callable[[], None] = lambda: None) -> Judge:
    """A judge of the assignment; raises AssignmentError where its files cannot be run, WorkerError without a worker.

    ``meanwhile`` is called while the worker is still warming up: what will be needed later can be had now.
    """
    launched = launch()
    try:
        collects = gc.isenabled()
        gc.disable()  # thousands of objects come that stay: looking for garbage among them finds none
        try:
            from autograder.grade.judge import Judge  # torch, which takes as long as the worker's
        finally:
            if collects:
                gc.enable()
        meanwhile()
        return Judge(assignment, launched)
    except BaseException:
        launched.end()
        raise
