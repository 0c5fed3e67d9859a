"""One assignment: where its files lie, and what its ``assignment.toml`` says."""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path

from autograder.assignment.config import Task
from autograder.assignment.reading import read_config
from autograder.errors import AssignmentError


class Assignment:
    """One assignment: its configuration and where its files are."""

    def __init__(self, slug: str, folder: Path, solution_folder: Path | None) -> None:
        self.slug = slug
        self.folder = folder
        self.solution_folder = solution_folder
        config = read_config(folder / "assignment.toml")
        self.title = config.title
        self.summary = config.summary
        self.version = config.version
        self.tasks = config.tasks
        self.handout = config.handout
        """In a student's folder: name to a digest of the body that a repair task handed out."""
        self.isolation = config.isolation
        """``submission`` or ``check``: what has a worker of its own."""
        self.limits = config.limits
        self.hygiene = config.hygiene
        self.late = config.late
        self.attempts = config.attempts
        self.leaderboard = config.leaderboard

    @property
    def stub(self) -> Path:
        """The file that students get and fill in."""
        return self.folder / f"{self.slug}.py"

    @property
    def public_tests(self) -> Path:
        """The checks that students get."""
        return self.folder / "test_public.py"

    @property
    def solution(self) -> Path:
        """The reference solution; an AssignmentError where this copy of the course has none."""
        return self._in_solutions(f"{self.slug}.py")

    @property
    def hidden_tests(self) -> Path:
        """The checks that students never see; an AssignmentError where there are none."""
        return self._in_solutions("test_hidden.py")

    @property
    def max_score(self) -> float:
        """The points of all tasks together."""
        return sum(task.points for task in self.tasks)

    def task(self, task_id: str) -> Task:
        """The task of that id; an AssignmentError that lists the known ids otherwise."""
        for task in self.tasks:
            if task.id == task_id:
                return task
        known = ", ".join(task.id for task in self.tasks)
        raise AssignmentError(
            f"{self.folder / 'assignment.toml'}: a check names task {task_id!r}, but the tasks are {known}."
        )

    @cached_property
    def digest(self) -> str:
        """A hash of every file that decides a grade, so that a regrade knows what changed."""
        state = hashlib.sha256()
        folders = [self.folder] + ([self.solution_folder] if self.solution_folder else [])
        for folder in folders:
            for path in sorted(folder.iterdir()):
                if path.suffix in (".py", ".toml") and path.is_file():
                    state.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
        return state.hexdigest()

    def _in_solutions(self, name: str) -> Path:
        if self.solution_folder is None or not (self.solution_folder / name).is_file():
            raise AssignmentError(
                f"{self.slug}: {name} is missing from solutions/{self.slug}; grading needs the hidden half."
            )
        return self.solution_folder / name


def read_slug(folder: Path) -> str:
    """The slug of the assignment in ``folder``: what its assignment.toml says, else the folder's name."""
    return read_config(folder / "assignment.toml").slug or folder.resolve().name
