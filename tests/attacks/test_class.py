"""A class in which every second submission is an attack: the honest half gets the grades that it gets alone."""

from __future__ import annotations

import json
import shutil

import pytest
from click.testing import CliRunner

from autograder.cli import cli
from tests.attacks.grading import HERE
from tests.attacks.handed_in import HONEST
from tests.attacks.intake import BUILDERS

ATTACKS = (
    "forge/os_exit_zero",
    "forge/patch_comparisons",
    "forge/results_json_now",
    "objects/always_equal",
    "steal/previous_students",
    "steal/walk_everything",
    "outlive/fork_bomb",
    "outlive/much_memory",
    "outlive/signal_the_others",
    "outlive/spin",
    "shadow/replace_modules",
    "wire/duplicate",
)
HANDED_IN = ("zip_bomb", "name_with_codes", "name_of_a_formula", "notebook_deep_json")

WRONG_DOUBLE = HONEST.replace("return 2 * x", "return 3 * x")
NO_MODEL = HONEST[: HONEST.index("def make_model")] + "def make_model():\n    raise NotImplementedError\n"
UNCLEARED = HONEST.replace("        x.grad = None\n", "")
KINDS = (HONEST, WRONG_DOUBLE, NO_MODEL, UNCLEARED)


def grades_of(folder, out, course, jobs):
    """The gradebook's line and the results of every submission that is called honest, as bytes; times aside."""
    command = ["tiny", str(folder), "--course", str(course), "--out", str(out), "--jobs", str(jobs)]
    result = CliRunner().invoke(cli, ["grade", *command])
    assert result.exit_code == 0, result.output
    rows = [line for line in (out / "grades.csv").read_text().splitlines() if line.startswith("honest")]
    found = {path.name: path.read_text() for path in sorted((out / "results").glob("honest*.json"))}
    return rows, {name: without_times(json.loads(text)) for name, text in found.items()}


def without_times(results):
    assert isinstance(results.pop("execution_time"), float)
    assert isinstance(results["extra_data"].pop("seconds")["student"], float)
    return json.dumps(results).encode()


@pytest.mark.slow
def test_attackers_in_a_class_change_nobody_elses_grade(tmp_path):
    course = tmp_path / "course"
    shutil.copytree(HERE / "course", course)
    alone, mixed = tmp_path / "alone", tmp_path / "mixed"
    for folder in (alone, mixed):
        folder.mkdir()
        for number in range(len(ATTACKS) + len(HANDED_IN)):
            (folder / f"honest_{number:02}.py").write_text(KINDS[number % len(KINDS)])
    for number, name in enumerate(ATTACKS):
        # Judges take the submissions in the order of their names: each attack comes between two honest ones.
        shutil.copy(HERE / f"{name}.py", mixed / f"honest_{number:02}~attack.py")
    for number, name in enumerate(HANDED_IN, start=len(ATTACKS)):
        made = BUILDERS[name](mixed)
        made.rename(made.with_name(f"honest_{number:02}~{made.name}"))

    rows, results = grades_of(alone, tmp_path / "a", course, jobs=1)
    rows_among, results_among = grades_of(mixed, tmp_path / "b", course, jobs=2)

    honest = [row for row in rows_among if "~" not in row.split(",")[0]]
    assert len(rows) == len(results) == 16 and len(rows_among) == 32
    assert len({row.partition(",")[2] for row in rows}) == len(KINDS)
    assert honest == rows
    assert {name: results_among[name] for name in results} == results
    attacks = [row.split(",") for row in rows_among if "~" in row.split(",")[0]]
    assert [float(row[2]) for row in attacks] == [0.0] * 16
