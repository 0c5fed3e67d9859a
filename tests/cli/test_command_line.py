"""The command line on bad input and good: one clear sentence, the right exit code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import CLEAN, Run


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
