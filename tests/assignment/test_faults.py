"""What can be told of an assignment's files without running anything."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder.assignment import find_course
from autograder.assignment.faults import assignment_problems
from tests.conftest import CONFIG, HIDDEN, course_files, write_files


def problems(root: Path, **changes: str) -> list[str]:
    files = course_files("tiny", **changes)
    shutil.rmtree(root, ignore_errors=True)
    assignment = find_course(write_files(root, files)).assignment("tiny")
    return [problem.replace(f"{root}/", "") for problem in assignment_problems(assignment)]


DOUBLED = '\n\n@pytest.mark.task("2", points=1, category="hygiene")\ndef test_descends(submission):\n    pass\n'


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, []),
        (
            {"config": CONFIG.replace('functions = ["descend"]', 'functions = ["descent"]')},
            [
                "assignments/tiny/assignment.toml, line 25: task 2 lists 'descent' under functions, but tiny.py does "
                "not define it. Did you mean 'descend'?"
            ],
        ),
        (
            {"config": CONFIG.replace('needs = ["double"]', 'needs = ["nothing"]')},
            [
                "assignments/tiny/assignment.toml, line 26: task 2 lists 'nothing' under needs, but tiny.py does not "
                "define it. It defines given_number, double, descend."
            ],
        ),
        (
            {"config": CONFIG.replace('functions = ["descend"]', 'functions = ["descend", "double"]')},
            [
                "assignments/tiny/assignment.toml, line 25: 'double' is a function of task 1 and of task 2. List it "
                "once; a task that only relies on it has it under needs."
            ],
        ),
        (
            {"hidden": HIDDEN + DOUBLED},
            [
                "solutions/tiny/test_hidden.py, line 21: test_descends is defined on line 15, too, and only the last "
                "one would run; rename one."
            ],
        ),
        ({"stub": "def double(:\n"}, ["assignments/tiny/tiny.py, line 1: SyntaxError: invalid syntax"]),
        (
            {"hidden": "def test_x():\n  a\n b\n"},
            [
                "solutions/tiny/test_hidden.py, line 3: IndentationError: unindent does not match any outer "
                "indentation level"
            ],
        ),
    ],
)
def test_problems_of_the_files(tmp_path: Path, changes: dict[str, str], said: list[str]) -> None:
    assert problems(tmp_path / "course", **changes) == said
