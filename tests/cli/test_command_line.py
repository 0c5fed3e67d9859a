"""The command line on bad input and good: one clear sentence, the right exit code, the same files every time."""

from __future__ import annotations

import csv
import html
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from autograder.cli import main

Run = Callable[..., tuple[int, str, str]]
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith("AUTOGRADER_")}


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Runs ``autograder ...`` in this process; (exit code, stdout, stderr)."""
    monkeypatch.delenv("AUTOGRADER_COURSE", raising=False)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["autograder", *map(str, arguments)])
        with pytest.raises(SystemExit) as done:
            main()
        printed = capsys.readouterr()
        return (done.value.code or 0), printed.out, printed.err

    return run


def test_a_missing_path(command: Run, tiny_course: Path) -> None:
    assert command("grade", "tiny", "nothing/here.py", "--course", tiny_course) == (
        2,
        "",
        "Error: There is no file or folder 'nothing/here.py'.\n",
    )


def test_an_unknown_assignment(command: Run, tiny_course: Path, tmp_path: Path) -> None:
    assert command("grade", "tiyn", ".", "--course", tiny_course) == (
        2,
        "",
        f"Error: There is no assignment 'tiyn' in {tiny_course}; the course has: tiny.\n",
    )


def test_an_empty_folder(command: Run, tiny_course: Path, tmp_path: Path) -> None:
    (tmp_path / "class").mkdir()
    assert command("grade", "tiny", "class", "--course", tiny_course) == (
        2,
        "",
        "Error: The folder 'class' holds no submission: expected tiny.py, tiny.ipynb, or one file, folder or zip per "
        "student.\n",
    )
    assert not (tmp_path / "grades").exists()


def test_no_course_above(command: Run, tmp_path: Path) -> None:
    code, _, error = command("grade", "tiny", ".")
    assert code == 2
    assert error == (
        f"Error: No course was found in {tmp_path} or above it. A course is a folder with assignments/ and solutions/; "
        "name yours with --course DIR or AUTOGRADER_COURSE.\n"
    )


def test_a_course_that_is_none(command: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "is not a course: it has no assignments/ and solutions/ folders.\n"
    assert command("grade", "tiny", ".", "--course", "elsewhere") == (2, "", f"Error: elsewhere {said}")
    monkeypatch.setenv("AUTOGRADER_COURSE", "elsewhere")
    assert command("grade", "tiny", ".") == (2, "", f"Error: elsewhere {said}")


@pytest.mark.parametrize("out", ["taken", "taken/below"])
def test_results_cannot_go_below_a_file(command: Run, tiny_course: Path, tmp_path: Path, out: str) -> None:
    (tmp_path / "taken").write_text("")
    (tmp_path / "ada.py").write_text("x = 1\n")
    assert command("grade", "tiny", "ada.py", "--course", tiny_course, "--out", out) == (
        2,
        "",
        f"Error: --out {out} is a file, or lies below one; name a folder.\n",
    )


@pytest.mark.parametrize(
    "arguments", [(), ("grade",), ("grade", "tiny"), ("grade", "tiny", "x", "--jobs", "0"), ("graed", "tiny"), ("-x",)]
)
def test_wrong_usage(command: Run, arguments: tuple[str, ...]) -> None:
    code, out, error = command(*arguments)
    assert code == 2
    assert "Usage: " in out + error


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("title = ", "is not valid TOML: Invalid value"),
        ('title = "T"\nversion = "1"\n', "Object missing required field `tasks`"),
        ('title = "T"\nversion = "1"\ntasks = []\n', "found no [[tasks]]; every task needs an id of its own."),
        (
            'title = "T"\nversion = "1"\n' + '[[tasks]]\nid = "1"\ntitle = "A"\npoints = 1\n' * 2,
            "found task id '1' twice; every task needs an id of its own.",
        ),
        (
            'title = "T"\nversion = "1"\n[[tasks]]\nid = "1"\ntitle = "A"\npoints = "many"\n',
            "Expected `float`, got `str` - at `$.tasks[0].points`",
        ),
        (
            'title = "T"\nversion = "1"\n[limit]\n[[tasks]]\nid = "1"\ntitle = "A"\npoints = 1\n',
            "Object contains unknown field `limit`",
        ),
    ],
)
def test_a_mistake_in_assignment_toml(command: Run, tmp_path: Path, config: str, said: str) -> None:
    folder = tmp_path / "assignments" / "odd"
    folder.mkdir(parents=True)
    (tmp_path / "solutions").mkdir()
    (folder / "assignment.toml").write_text(config)
    code, out, error = command("grade", "odd", ".")
    assert (code, out) == (1, "")
    assert error.startswith("Error in the assignment: ") and said in error and str(folder) in error
    assert error.count("\n") == 1


def test_help_and_version(command: Run) -> None:
    code, out, _ = command("--help")
    assert code == 0
    assert all(f"\n  {name} " in out for name in ("grade", "rehearse", "verify"))
    assert command("--version")[0] == 0
    assert command("grade", "-h")[0] == 0


@pytest.mark.parametrize("arguments", [["--help"], ["grade", "--help"], ["verify", "--help"], ["grade", "x", "y"]])
def test_help_and_refusals_do_not_import_torch(arguments: list[str], tmp_path: Path) -> None:
    program = (
        "import sys, autograder.cli\n"
        f"sys.argv = ['autograder', *{arguments!r}]\n"
        "try:\n    autograder.cli.main()\n"
        "except SystemExit:\n    print([name for name in ('torch', 'numpy', 'matplotlib') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path, env=CLEAN)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr


def test_verify_fails_where_a_promise_is_broken(
    command: Run, tiny_course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import autograder.verify
    from autograder.verify import Finding

    findings = [Finding("the reference solution", ()), Finding("wrong/x.py", ("test_x passes,\nthough ...",))]
    monkeypatch.setattr(autograder.verify, "verify_assignment", lambda assignment: iter(findings))
    assert command("verify", "--course", tiny_course) == (
        1,
        "tiny: A tiny assignment\n  ✓ the reference solution\n  ✗ wrong/x.py\n      test_x passes,\n      though ...\n"
        "1 promise broken.\n",
        "",
    )
    findings.pop()
    code, out, _ = command("verify", "tiny", "--course", tiny_course)
    assert (code, out.splitlines()[-1]) == (0, "Every promise holds.")


# One class with everything that students hand in, graded twice.


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
