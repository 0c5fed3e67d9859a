"""The public checks of a task, run in the notebook's own process on the functions that were run so far.

    autograder.check("1.3")

Jupyter shows the result as HTML with pictures, everything else as text.
"""

from __future__ import annotations

import ast
import contextlib
import io
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from autograder.assignment import Assignment, read_slug
from autograder.bridge.proxy import SubmissionProxy
from autograder.checking.bench import Bench
from autograder.checking.mark import read_mark
from autograder.checking.plugin import CheckPlugin
from autograder.checking.situation import InNotebook, channels_of
from autograder.errors import AssignmentError, GraderError, UsageError
from autograder.reports.html import MARKS
from autograder.reports.notebook import checks_html
from autograder.reports.text import number
from autograder.results import CheckResult, Outcome
from autograder.student.live import live_code


class NotebookMistake(UsageError):
    """The checks were asked for in a way or a place where there are none; shown without a traceback."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows instead of the frames, which lead nowhere that a student could look."""
        return [str(self)]


class Feedback(AssertionError):
    """A public check did not pass; says what the student may want to know."""


@dataclass(frozen=True)
class CheckedTask:
    """What the public checks say; shows itself in a notebook."""

    checks: tuple[CheckResult, ...]

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return all(one.outcome is Outcome.PASSED for one in self.checks)

    def __repr__(self) -> str:
        lines = []
        for one in self.checks:
            mark = MARKS[one.outcome]
            lines.append(f"{mark.symbol} {one.title}  ({number(one.score, 2)} of {number(one.max_score, 2)})")
            unsaid = [found for found in one.diagnostics if found.message not in one.feedback]
            said = [one.feedback, *(f"{found.code}: {found.message}" for found in unsaid)]
            lines += [f"    {line}" for part in said for line in part.splitlines() if line.strip()]
        done = sum(one.outcome is Outcome.PASSED for one in self.checks)
        return "\n".join([*lines, f"{done} of {len(self.checks)} checks passed."])

    def _repr_html_(self) -> str:
        return checks_html(self.checks)


class PublicChecks:
    """The checks of a task for Otter's test files: run once, then asked one by one."""

    def __init__(self, task: str) -> None:
        self._task = task
        self._done: CheckedTask | None = None

    def expect(self, name: str, env: Mapping[str, Any]) -> None:
        """Nothing where all cases of the check pass; raises Feedback otherwise."""
        if self._done is None:
            self._done = check(self._task, env=env)
        cases = [one for one in self._done.checks if one.check.split("[", 1)[0] == name]
        failed = [one.feedback for one in cases if one.outcome is not Outcome.PASSED]
        if failed or not cases:
            raise Feedback("\n".join(dict.fromkeys(failed)) or f"The check {name} is missing from test_public.py.")


def check(task: str | int | None = None, *, env: Mapping[str, Any] | None = None) -> CheckedTask:
    """The public checks of a task (of all tasks without one), run on what the notebook defines at this moment.

    ``env`` stands for the notebook's names. The checks are those of the folder that the notebook runs in.
    """
    folder = _assignment_folder(Path.cwd())
    assignment = Assignment(read_slug(folder), folder, None)
    if task is not None:
        if isinstance(task, float):  # 1.10 would be 1.1
            raise NotebookMistake('Write the number of the task in quotes, as in check("1.2").')
        task = str(task)
        _expect_known(task, assignment)
    found = env if env is not None else vars(sys.modules["__main__"])
    code, live = live_code(found, assignment.slug)
    proxy = SubmissionProxy(code, channels_of(InNotebook(live), assignment.limits), assignment.limits)
    checks: list[CheckResult] = []
    bench = Bench(assignment, proxy, given=proxy, source=ast.unparse(live.tree))
    plugin = CheckPlugin(bench, checks.append)
    with _undisturbed():
        status = _run(assignment, plugin, _OneTask(assignment, task))
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED):
        faults = "; ".join([*plugin.stopped, *plugin.problems]) or f"pytest ended with {status}"
        raise GraderError(f"The checks could not be run: {faults}")
    return CheckedTask(tuple(checks))


class _OneTask:
    """Keeps the checks of one task, or all of them."""

    def __init__(self, assignment: Assignment, task: str | None) -> None:
        self._assignment = assignment
        self._task = task

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        if self._task is not None:
            items[:] = [item for item in items if read_mark(item, self._assignment).task.id == self._task]


def _run(assignment: Assignment, *plugins: object) -> int:
    arguments = [
        str(assignment.public_tests),
        "--import-mode=importlib",
        "--noconftest",
        "--capture=no",
        f"--rootdir={assignment.folder}",
        f"-c{os.devnull}",
        *(f"-pno:{name}" for name in ("cacheprovider", "faulthandler", "unraisableexception", "threadexception")),
    ]
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        return int(pytest.main(arguments, plugins=list(plugins)))


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Leaves the notebook as it was: random state, figures, and pytest's settings."""
    import random

    import numpy
    import torch

    states = random.getstate(), numpy.random.get_state(), torch.get_rng_state()
    pyplot = sys.modules.get("matplotlib.pyplot")
    figures = set(pyplot.get_fignums()) if pyplot else set()
    settings = {name: os.environ.get(name) for name in ("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "PYTEST_ADDOPTS")}
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # among them is the one that runs the checks of a folder
    os.environ.pop("PYTEST_ADDOPTS", None)
    try:
        yield
    finally:
        random.setstate(states[0])
        numpy.random.set_state(states[1])
        torch.set_rng_state(states[2])
        for name, value in settings.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
        pyplot = sys.modules.get("matplotlib.pyplot")
        if pyplot is not None:
            for opened in set(pyplot.get_fignums()) - figures:
                pyplot.close(opened)  # Jupyter would show every figure that a check made


def _assignment_folder(start: Path) -> Path:
    if (start / "assignment.toml").is_file() and (start / "test_public.py").is_file():
        return start
    raise NotebookMistake(
        f"There are no checks in {start}: test_public.py and assignment.toml must lie beside the notebook. Start "
        "Jupyter in the folder that you were given, or upload these two files as well."
    )


def _expect_known(task: str, assignment: Assignment) -> None:
    try:
        assignment.task(task)
    except AssignmentError:
        known = ", ".join(one.id for one in assignment.tasks)
        raise NotebookMistake(f"There is no task {task!r}; the tasks are {known}.") from None
