"""A class in which everything happens that happens: graded by the command line, twice, the same to the byte."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.cli.conftest import CLEAN


class Graded(NamedTuple):
    """What one run of ``autograder grade`` left behind."""

    code: int
    output: str
    folder: Path

    @property
    def rows(self) -> dict[str, dict[str, str]]:
        rows = csv.DictReader(io.StringIO((self.folder / "grades.csv").read_text()))
        return {row["submission"]: row for row in rows}

    def results(self, name: str) -> dict[str, Any]:
        return json.loads((self.folder / "results" / f"{name}.json").read_text())


def write_class(folder: Path, solution: str, stub: str) -> None:
    """Submissions by name; each file is one accident."""
    folder.mkdir()
    texts = {
        "right": solution,
        "stub": stub,
        "syntax": solution + "\nx = (\n",
        "missing": solution.split("# %%\ndef descend")[0],
        "renamed": solution.replace("def double(number):", "def double(x):").replace("2 * number", "2 * x"),
        "arity": solution + "\n\ndef descend(start):\n    return [16.0, 4.0, 1.0]\n",
        "tensors": solution + "\n\ndef double(number):\n    return torch.as_tensor(2 * number)\n",
        "nans": solution + "\n\ndef double(number):\n    return number * float('nan')\n",
        "loop": solution + "\n\ndef descend(start):\n    while True:\n        pass\n",
        "dies": solution + "\n\ndef descend(start):\n    import os\n    os._exit(0)\n",
    }
    for name, text in texts.items():
        (folder / f"{name}.py").write_text(text)
    (folder / "latin.py").write_bytes((solution + "# Schöne Grüße\n").encode("latin-1"))
    (folder / "broken.ipynb").write_text('{"cells": [')
    cell = {"cell_type": "code", "metadata": {}, "source": solution + "\nprint(1 / 0)\n", "outputs": []}
    (folder / "notebook.ipynb").write_text(
        json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4})
    )
    with zipfile.ZipFile(folder / "twice.zip", "w") as archive:
        archive.writestr("one.py", solution)
        archive.writestr("two.py", solution)
    with open(folder / "huge.py", "wb") as huge:
        huge.truncate(200 * 2**20)


@pytest.fixture(scope="module")
def classes(
    tiny_course: Path, tmp_path_factory: pytest.TempPathFactory, solution: str, stub: str
) -> tuple[Graded, Graded]:
    """The same class graded by two judges side by side, then by one."""
    folder = tmp_path_factory.mktemp("class")
    write_class(folder / "handed in", solution, stub)
    graded = []
    for jobs in ("2", "1"):
        out = folder / f"grades {jobs}"
        options = ["--out", out, "--jobs", jobs, "--course", tiny_course]
        done = subprocess.run(
            [sys.executable, "-m", "autograder", "grade", "tiny", folder / "handed in", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=CLEAN | {"COLUMNS": "120", "XDG_CACHE_HOME": str(folder / "cache")},
            timeout=600,
        )
        graded.append(Graded(done.returncode, done.stdout, out))
    return graded[0], graded[1]


def test_a_class_with_every_accident_is_graded(classes: tuple[Graded, Graded]) -> None:
    graded = classes[0]
    assert graded.code == 0, graded.output
    assert {name: (row["status"], row["score"]) for name, row in graded.rows.items()} == {
        "arity": ("graded", "3"),
        "broken": ("unreadable", "0"),
        "dies": ("graded", "3"),
        "huge": ("unreadable", "0"),
        "latin": ("graded", "5"),
        "loop": ("graded", "3"),
        "missing": ("graded", "3"),
        "nans": ("graded", "2"),
        "notebook": ("graded", "5"),
        "renamed": ("graded", "3"),
        "right": ("graded", "5"),
        "stub": ("graded", "0"),
        "syntax": ("graded", "0"),
        "tensors": ("graded", "3"),
        "twice": ("unreadable", "0"),
    }
    assert list(graded.rows) == sorted(graded.rows)
    header = (graded.folder / "grades.csv").read_text().splitlines()[0]
    assert header == "submission,status,score,max_score,correctness,convergence,hygiene,task 1,task 2,remarks"
    assert str(graded.folder / "grades.csv") in graded.output
    for row in graded.rows.values():
        assert row["max_score"] == "5"
        assert float(row["task 1"]) + float(row["task 2"]) == float(row["score"])
        assert float(row["correctness"]) + float(row["convergence"]) == float(row["score"])


SENTENCES = {
    "broken": "broken.ipynb: The notebook is damaged: its JSON breaks off or is wrong (line 1, column 12).",
    "huge": "huge.py is 200 MB; at most 2 MB are read. Hand in your code only, without data and outputs.",
    "twice": "twice.zip: found one.py and two.py; name yours tiny.py and hand in only that one.",
    "latin": "Latin-1",
    "missing": "`descend` was not found in your submission. Define it at the top level of your file, with exactly this",
    "renamed": "should be `double(number)`: the parameters' names are part of the task. Missing: `number`.",
    "arity": "`descend` returned a list, where a tuple of 2 values (losses, x) was asked for.",
    "tensors": "a tensor of shape () holding 42, where a Python float was asked for. Use `.item()`.",
    "nans": "`double` returned nan (not a number), where a number was asked for.",
    "syntax": "Python cannot read your file: SyntaxError on line",
    "loop": "`descend` used more than 1 second of processor time and was stopped in the loop on line",
    "dies": "`descend` ended the Python process (exit code 0).",
    "stub": "`double` is not implemented yet.",
}


@pytest.mark.parametrize("name", SENTENCES)
def test_each_accident_is_explained(classes: tuple[Graded, Graded], name: str) -> None:
    results = classes[0].results(name)
    said = plain(results["output"] + "\n".join(test["output"] for test in results["tests"]))
    assert SENTENCES[name] in said
    assert "Traceback" not in said and "autograder/" not in said


def test_hidden_checks_stay_hidden(classes: tuple[Graded, Graded]) -> None:
    tests = classes[0].results("nans")["tests"]
    assert [test["visibility"] for test in tests] == ["visible", "visible", "hidden", "after_published"]
    assert "expected 42" in tests[0]["output"]
    assert "expected" not in tests[2]["output"]


def test_results_carry_what_the_issue_asks_for(classes: tuple[Graded, Graded]) -> None:
    results = classes[0].results("loop")
    assert results["score"] == 3.0 and results["execution_time"] > 0
    extra = results["extra_data"]
    assert extra["categories"] == {"correctness": [3.0, 3.0], "convergence": [0.0, 2.0]}
    assert (extra["submission"], extra["status"]) == ("loop", "graded")
    assert extra["seconds"]["student"] >= 0.05  # the loop burnt a second, or what others left of it
    assert [test["extra_data"]["outcome"] for test in results["tests"]] == ["passed"] * 3 + ["timed_out"]
    assert results["tests"][-1]["extra_data"] == {
        "task": "2",
        "category": "convergence",
        "outcome": "timed_out",
        "diagnostics": [],
    }


def plain(page: str) -> str:
    """What a reader sees of a piece of HTML; code in backticks."""
    return html.unescape(re.sub(r"<[^>]*>", "", re.sub(r"</?code>", "`", page)))


def untimed(results: dict[str, Any]) -> dict[str, Any]:
    del results["execution_time"], results["extra_data"]["seconds"]
    return results


def test_two_gradings_of_a_class_agree_to_the_byte(classes: tuple[Graded, Graded]) -> None:
    one, other = classes
    assert (one.folder / "grades.csv").read_bytes() == (other.folder / "grades.csv").read_bytes()
    names = [sorted(path.name for path in (graded.folder / "results").iterdir()) for graded in classes]
    assert names[0] == names[1] == [f"{name}.json" for name in one.rows]
    for name in one.rows:
        assert json.dumps(untimed(one.results(name))) == json.dumps(untimed(other.results(name)))


def test_every_submission_has_a_page(classes: tuple[Graded, Graded]) -> None:
    folder = classes[0].folder
    assert sorted(path.stem for path in (folder / "reports").iterdir()) == list(classes[0].rows)
    assert (folder / "index.html").stat().st_size > 1000
    assert not [path for path in folder.rglob("*") if path.name.endswith(".tmp")]
