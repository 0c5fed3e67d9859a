"""The values of an assignment.toml: what makes no sense is named with its line, before anybody is graded by it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from autograder.assignment import find_course
from autograder.assignment.faults import assignment_problems
from autograder.assignment.numbers import key_line
from autograder.errors import AssignmentError
from tests.conftest import CONFIG, course_files, write_files

HEAD = 'title = "T"\nversion = "1"\n'
TASKS = '[[tasks]]\nid = "1"\ntitle = "One"\npoints = 1\nfunctions = ["double"]\n'


def config(root: Path, text: str) -> list[str]:
    """What is said of a configuration, without the file's name."""
    shutil.rmtree(root, ignore_errors=True)
    write_files(root, course_files("tiny", config=text))
    try:
        problems = assignment_problems(find_course(root).assignment("tiny"))
    except AssignmentError as error:
        problems = [str(error)]
    return [problem.replace(f"{root}/assignments/tiny/assignment.toml, ", "") for problem in problems]


NUMBERS = {
    "limits": {
        "call_seconds": ("0", "-1.5", "inf", "nan"),
        "load_seconds": ("0", "-inf"),
        "idle_seconds": ("0",),
        "container_seconds": ("-600",),
        "memory_mb": ("0", "-1"),
        "output_kb": ("-1",),
    },
    "limits.seconds_for": {"double": ("0", "nan")},
    "hygiene": {"error": ("1.5", "-0.5", "nan"), "warning": ("50",)},
    "hygiene.deductions": {"GH203": ("-1", "1.01")},
    "late": {"percent_per_day": ("-10", "101"), "grace_minutes": ("-1",), "max_days": ("inf",)},
}


@pytest.mark.parametrize("section", NUMBERS)
def test_numbers_that_make_no_sense(tmp_path: Path, section: str) -> None:
    for key, values in NUMBERS[section].items():
        for value in values:
            found = config(tmp_path / "course", f"{HEAD}[{section}]\n# one key\n{key} = {value}\n\n{TASKS}")
            assert len(found) == 1
            assert re.match(rf"line 5: \[{re.escape(section)}\] has {key} = {value}; .+ number .+\.$", found[0]), found


@pytest.mark.parametrize(
    "text",
    [
        "[limits]\ncall_seconds = 0.5\noutput_kb = 0\nseconds_for = {double = 3}\n",
        "[limits]\nmemory_mb = 1\n[limits.seconds_for]\ndouble = 1\ngiven_number = 2.5\n",
        '[hygiene]\nerror = 1\nwarning = 0\nignore = ["GH403"]\n[hygiene.deductions]\nGH203 = 0.25\nGH501 = 0\n',
        "[late]\npercent_per_day = 100\n[attempts]\nlimit = 1\n",
    ],
)
def test_numbers_that_make_sense(tmp_path: Path, text: str) -> None:
    assert config(tmp_path / "course", f"{HEAD}{text}{TASKS}") == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "descend = 1",
            "desend = 1",
            "line 13: seconds_for names 'desend', which no task has. Did you mean 'descend'?",
        ),
        (
            "descend = 1",
            "zzz = 1",
            "line 13: seconds_for names 'zzz', which no task has. There are double, descend, given_number.",
        ),
        (
            "descend = 1",
            '"descend.step" = 1',
            "line 13: 'descend.step' is a method; the seconds count for all of a class: write 'descend'.",
        ),
        (
            'needs = ["double"]',
            'needs = ["descend"]',
            "line 26: task 2 lists 'descend' under needs, and it is a function of that task itself. List there what it "
            "relies on of other tasks.",
        ),
        (
            "[limits]",
            '[hygiene]\nignore = ["GH403", "GH999"]\n\n[limits]',
            "line 6: 'GH999' is no rule. `autograder rules` lists them.",
        ),
        (
            "[limits]",
            "[hygiene]\n[hygiene.deductions]\nGH101 = 1\ngh203 = 0.5\n\n[limits]",
            "line 8: 'gh203' is no rule. Did you mean 'GH203'? `autograder rules` lists them.",
        ),
        (
            "[limits]",
            "[hygiene]\ndeductions = { GH101 = 1, GH1O2 = 1 }\n[limits]",
            "line 6: 'GH1O2' is no rule. Did you mean 'GH102'? `autograder rules` lists them.",
        ),
        (
            'version = "1"',
            'version = "1"\nslug = "tyni"',
            "line 3: slug = 'tyni', but the folder, and with it the assignment, is named 'tiny'. Take the line out, or "
            "rename one of them.",
        ),
    ],
)
def test_names_that_nothing_has(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in CONFIG
    found = config(tmp_path / "course", CONFIG.replace(old, new, 1))
    assert len(found) == 1
    assert found == [said]


def test_the_slug_of_the_folder_itself_is_no_fault(tmp_path: Path) -> None:
    assert config(tmp_path / "course", 'slug = "tiny"\n' + CONFIG) == []


@pytest.mark.parametrize(
    "text",
    [
        "\n[limits.seconds_for]\nf = 1\n",
        "\n[ limits . seconds_for ]\n'f'=1\n",
        "[limits]\nf = 2\nseconds_for.f = 1\n",
        "\n\nlimits.seconds_for.f = 1\n",
        "f = 3\n[limits]\nseconds_for = {g = 1, f = 2}\n",
        "f = 3\n\nlimits = {seconds_for = {f = 2}}\n",
    ],
)
def test_a_key_is_found_however_it_is_written(text: str) -> None:
    assert key_line(text, "limits.seconds_for", "f") == 3
    assert key_line(text, "limits.seconds_for", "h") is None
