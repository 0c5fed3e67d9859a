"""Plain ``pytest`` in a student's folder: the public checks, in-process, in the student's words.

pytest finds this module through its entry point; it does nothing unless the folder holds an ``assignment.toml``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from autograder.assignment import Assignment
    from autograder.checking.plugin import CheckPlugin


def pytest_configure(config: pytest.Config) -> None:
    """Registers the checks' fixtures where pytest runs in (or on) an assignment's folder."""
    if config.pluginmanager.hasplugin("autograder-judge"):
        return
    folder = _assignment_folder(config)
    if folder is not None:
        config.pluginmanager.register(local_checks(folder), "autograder-local")


def local_checks(folder: Path) -> CheckPlugin:
    """The plugin that runs the checks of ``folder`` on the module or notebook in it.

    Raises SubmissionError where there is no module, AssignmentError where assignment.toml is wrong.
    """
    from autograder.assignment import Assignment, read_slug
    from autograder.bridge.proxy import SubmissionProxy
    from autograder.checking.bench import Bench
    from autograder.checking.plugin import CheckPlugin
    from autograder.checking.situation import InFolder, channels_of
    from autograder.checking.submitted import submission_code
    from autograder.submission import SubmissionFile, read_submission

    slug = read_slug(folder)
    assignment = Assignment(slug, folder, None)
    file = SubmissionFile(folder.name, folder)
    code = submission_code(read_submission(file, slug, _untouched_stub(assignment)), assignment)
    proxy = SubmissionProxy(code, channels_of(InFolder(), assignment.limits), assignment.limits)
    return CheckPlugin(Bench(assignment, proxy, given=proxy))


def _untouched_stub(assignment: Assignment) -> str | None:
    """The module's text while nothing is done in it, so that whoever works in the notebook beside it is understood."""
    from autograder.assignment import untouched
    from autograder.pairs import blanks

    try:
        source = assignment.stub.read_text(encoding="utf-8")
        empty = {blank.name.split(".")[0] for blank in blanks(source)} | untouched(assignment, source)
    except (OSError, SyntaxError, ValueError):
        return None
    asked = {name.split(".")[0] for task in assignment.tasks for name in task.functions}
    return source if asked <= empty else None


def _assignment_folder(config: pytest.Config) -> Path | None:
    named = [Path(argument.split("::", 1)[0]) for argument in config.args]
    for start in (*named, config.invocation_params.dir):
        path = start if start.is_absolute() else config.invocation_params.dir / start
        folder = path if path.is_dir() else path.parent
        if (folder / "assignment.toml").is_file() and (folder / "test_public.py").is_file():
            return folder
    return None
