"""``@pytest.mark.task``: which graded task a check belongs to, and what it is worth."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.assignment import Assignment, Task
from autograder.blame import place_of
from autograder.errors import AssignmentError
from autograder.results import CATEGORIES, VISIBILITIES

MARKER = "task(id, points, category, visibility, isolated): the graded task that this check belongs to"


@dataclass(frozen=True)
class TaskMark:
    """A check's marker, checked."""

    task: Task
    points: float
    category: str
    visibility: str
    hidden: bool
    isolated: bool = False
    """The check hands the submission what no other check's code may know: it has a worker of its own."""


def read_mark(item: pytest.Item, assignment: Assignment) -> TaskMark:
    """The check's task marker; an AssignmentError that names the test and its line where it is missing or wrong."""
    marker = item.get_closest_marker("task")
    where = f"{item.path.parent / place_of(item)}: {item.name}"
    if marker is None:
        raise AssignmentError(f"{where} has no @pytest.mark.task(id, points=…, category=…).")
    try:
        return _checked_mark(assignment, item.path == assignment.public_tests, *marker.args, **marker.kwargs)
    except TypeError as error:
        said = str(error).replace("_checked_mark()", "it")
        raise AssignmentError(f"{where}: @pytest.mark.task: {said}") from None
    except ValueError as error:
        raise AssignmentError(f"{where}: {error}") from None


def marking_faults(items: Sequence[pytest.Item], assignment: Assignment) -> list[str]:
    """What is wrong with checks that can be told before any of them runs; each said once."""
    found = [fault for item in items if (fault := _fault_of(item, assignment))]
    return list(dict.fromkeys([*found, *_repeated(items)]))


def _fault_of(item: pytest.Item, assignment: Assignment) -> str:
    try:
        mark = read_mark(item, assignment)
    except AssignmentError as error:
        return str(error)
    if not mark.hidden and "reference" in getattr(item, "fixturenames", ()):
        return (
            f"{place_of(item)}: {item.name} uses the reference solution, which students do not have; "
            "a public check compares with published numbers."
        )
    return ""


def _checked_mark(
    assignment: Assignment,
    public: bool,
    id: str,
    *,
    points: float,
    category: str,
    visibility: str = "visible",
    isolated: bool = False,
) -> TaskMark:
    tasks = {task.id: task for task in assignment.tasks}
    if id not in tasks:
        raise ValueError(f"it names task {id!r}, but the tasks of assignment.toml are {', '.join(tasks)}")
    if not (math.isfinite(float(points)) and float(points) >= 0):
        raise ValueError(f"points={points} is not a number of points")
    if category not in CATEGORIES:
        raise ValueError(f"category {category!r} is not one of {', '.join(CATEGORIES)}")
    if visibility not in VISIBILITIES:
        raise ValueError(f"visibility {visibility!r} is not one of {', '.join(VISIBILITIES)}")
    return TaskMark(tasks[id], float(points), category, visibility, hidden=not public, isolated=bool(isolated))


def _repeated(items: Sequence[pytest.Item]) -> list[str]:
    """What is wrong with names: reports and sample headers name checks without their file."""
    places: dict[str, Path] = {}
    return [
        f"{item.path.parent / place_of(item)}: {item.name} is a check of {places[item.name].name}, too; rename one."
        for item in items
        if places.setdefault(item.name, item.path) != item.path
    ]
