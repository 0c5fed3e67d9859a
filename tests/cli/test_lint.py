"""``autograder lint`` over real training scripts: silent on clean ones, exact on planted faults."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner, Result

from autograder.cli import cli

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted((ROOT / "tests" / "hygiene" / "corpora" / "scripts").glob("*.py"))
UNCLEARED = """\
import sys
import torch

w = torch.tensor(1.0, requires_grad=True)
for step in range(3):
    loss = (w - float(sys.argv[1])) ** 2
    loss.backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
print("w", __name__, sys.argv[1:])
"""


def lint(*arguments: object, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "autograder", "lint", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=folder,
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)},
    )


def lint_here(*arguments: object) -> Result:
    """The same in this process, which is faster: torch is there already."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return CliRunner().invoke(cli, ["lint", *map(str, arguments)])
    finally:
        torch.set_num_threads(threads)


def planted(path: Path) -> tuple[str, set[int]]:
    text = path.read_text(encoding="utf-8")
    found = re.search(r"^# expect: (GH\d+)$", text, re.MULTILINE)
    assert found is not None
    return found[1], {number for number, line in enumerate(text.splitlines(), 1) if "# <- fault" in line}


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "train.py"
    path.write_text(UNCLEARED, encoding="utf-8")
    return path


@pytest.mark.slow
@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_clean_script_gets_no_diagnostic_and_a_planted_fault_is_named_with_its_line(path: Path) -> None:
    done = lint_here("--format", "json", path)
    assert done.exit_code == 0, done.stdout + done.stderr
    assert json.loads(done.stdout) == {"diagnostics": [], "failure": None}
    faulty = path.parent / "planted" / path.name
    code, lines = planted(faulty)
    done = lint_here("--format", "json", faulty)
    (found,) = json.loads(done.stdout)["diagnostics"]
    assert (done.exit_code, found["code"], Path(found["file"]).name) == (1, code, path.name)
    assert found["line"] in lines


def test_text_comes_after_the_output_of_the_script(script: Path) -> None:
    done = lint("train.py", "3", folder=script.parent)
    first, second = done.stdout.splitlines()
    assert first == "w __main__ ['3']"
    assert second.startswith("train.py:7: GH101 `w.grad` still held −4.0000 from step 1")
    assert (done.returncode, done.stderr) == (1, "")


def test_json_is_alone_on_stdout(script: Path) -> None:
    done = lint("train.py", "3", "--format", "json", folder=script.parent)
    (found,) = json.loads(done.stdout)["diagnostics"]
    assert (found["code"], found["file"], found["line"], found["severity"]) == ("GH101", "train.py", 7, "E")
    assert (found["name"], found["step"], found["parameter"]) == ("uncleared-gradient", 2, "w")
    assert done.stderr == "w __main__ ['3']\n"


def test_github_annotations(script: Path) -> None:
    done = lint("--format=github", "train.py", "3", folder=script.parent)
    line = done.stdout.splitlines()[1]
    assert line.startswith("::error file=train.py,line=7,title=GH101 uncleared-gradient::`w.grad` still held")


def test_select_and_ignore(script: Path) -> None:
    assert lint_here("--ignore", "GH101", script, "3").exit_code == 0
    assert lint_here("--select", "GH2,GH301", script, "3").exit_code == 0
    assert lint_here("--select", "GH1", script, "3").exit_code == 1
    done = lint("--select", "GH999", script, "3")
    assert done.returncode == 2 and "GH999" in done.stderr


def test_the_exception_of_a_script_is_its_last_line(script: Path) -> None:
    script.write_text(UNCLEARED + "raise ValueError('no more data')\n", encoding="utf-8")
    done = lint("train.py", "3", folder=script.parent)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert "GH101" in lines[1] and lines[2] == "train.py:11: ValueError: no more data"


def test_a_failing_script_without_faults(script: Path) -> None:
    script.write_text("x = 1\nx.missing\n", encoding="utf-8")
    done = lint("train.py", folder=script.parent)
    assert (done.returncode, done.stdout) == (
        1,
        "train.py:2: AttributeError: 'int' object has no attribute 'missing'\n",
    )
    script.write_text("def f(:\n", encoding="utf-8")
    done = lint("--format", "json", "train.py", folder=script.parent)
    failure = json.loads(done.stdout)["failure"]
    assert done.returncode == 1 and failure["line"] == 1 and failure["message"].startswith("SyntaxError")


def test_a_script_runs_as_it_does_in_python(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "beside.py").write_text("NAME = 'beside'\n", encoding="utf-8")
    (inside / "train.py").write_text(
        "import os, sys, beside\n"
        "print(__name__, beside.NAME, sys.argv, os.path.basename(__file__), sys.path[0] == os.path.dirname(__file__))\n"
        "print(sys.modules['__main__'].__dict__ is globals(), os.getcwd() == sys.argv[2])\n"
        "sys.exit(0)\n",
        encoding="utf-8",
    )
    done = lint("inside/train.py", "--rate", tmp_path, folder=tmp_path)
    said = f"__main__ beside ['inside/train.py', '--rate', '{tmp_path}'] train.py True\nTrue True\n"
    assert (done.stdout, done.returncode) == (said, 0)


def test_a_missing_script_is_a_usage_error(tmp_path: Path) -> None:
    done = lint("nowhere.py", folder=tmp_path)
    assert done.returncode == 2 and "nowhere.py" in done.stderr


def test_the_commands_do_not_import_torch() -> None:
    code = "import sys, autograder.cli.lint, autograder.cli.rules; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


SEEN = {
    "w.grad = None\n": "train.py: 3 steps recorded, no fault.",
    "w.grad.zero_()\n": "train.py: 3 steps recorded, no fault.",
}


@pytest.mark.parametrize("clear", SEEN)
def test_a_clean_run_says_how_much_was_seen(script: Path, clear: str) -> None:
    text = UNCLEARED.replace('print("w"', f'    {clear}print("w"')
    script.write_text(text, encoding="utf-8")
    done = lint("train.py", "3", folder=script.parent)
    assert (done.returncode, done.stdout, done.stderr) == (0, "w __main__ ['3']\n", SEEN[clear] + "\n")


def test_a_run_without_training_says_so(script: Path) -> None:
    script.write_text("import torch\nprint(torch.ones(2).sum().item())\n", encoding="utf-8")
    assert "no training seen: no backward pass ran in this process" in lint_here(script).stderr
    script.write_text("import torch\n(2 * torch.ones(1, requires_grad=True)).backward()\n", encoding="utf-8")
    assert "1 backward pass recorded, but no update of a parameter, no fault." in lint_here(script).stderr


def test_what_was_not_asked_for_is_not_called_clean(script: Path) -> None:
    assert (
        "3 steps recorded, no fault of the rules that were asked for."
        in lint_here("--ignore", "GH1", script, "3").stderr
    )


@pytest.mark.parametrize(
    ("raised", "told"),
    [
        ("ValueError('what is wrong\\n\\nsee the manual')", "ValueError: what is wrong"),
        ("KeyError('x')", "KeyError: 'x'"),
        ("AssertionError()", "AssertionError"),
        ("RuntimeError('\\n\\nafter empty lines')", "RuntimeError: after empty lines"),
    ],
)
def test_an_exception_is_told_by_its_type_and_its_first_line(script: Path, raised: str, told: str) -> None:
    script.write_text(f"raise {raised}\n", encoding="utf-8")
    done = lint_here("--format", "json", script)
    assert json.loads(done.stdout)["failure"]["message"] == told
