"""Plain pytest in a student's folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import jupytext
import pytest

from autograder.assignment import Assignment


def run_here(folder: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Exit code of pytest in this process: what a student sees, without the seconds that torch takes to import."""
    monkeypatch.chdir(folder)
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    monkeypatch.delitem(sys.modules, "test_public", raising=False)  # another folder's, of the same name
    return int(pytest.main(["-p", "no:hypothesispytest", "-p", "no:unraisableexception", *arguments]))


def test_the_reference_passes_in_a_renamed_folder(
    reference_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status = run_here(reference_folder, monkeypatch, "-k", "closed_form")
    said = capsys.readouterr()
    assert status == 0, said.out + said.err
    assert "passed" in said.out


def test_a_student_who_works_in_the_notebook_is_understood(
    release_folder: Path, small: Assignment, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    notebook = jupytext.read(small.solution, fmt="py:percent")
    jupytext.write(notebook, release_folder / f"{small.slug}.ipynb")
    assert run_here(release_folder, monkeypatch, "-k", "closed_form_finds") == 0, capsys.readouterr().out


@pytest.mark.slow
def test_the_stub_fails_kindly(release_folder: Path) -> None:
    """As a process of its own: nothing of this repository's pytest may be what makes it kind."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-k", "closed_form"],
        cwd=release_folder,
        env={**environment, "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "`regression_polynomial_second_order` is not implemented yet." in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert "autograder/" not in done.stdout + done.stderr
    shutil.rmtree(release_folder)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            "    while True:\n        pass\n",
            "used more than 0.3 seconds of processor time and was stopped in the loop on",
        ),
        ("    import time\n    time.sleep(600)\n", "spent more than 1 second waiting instead of computing."),
    ],
)
def test_what_hangs_ends_with_a_line(
    reference_folder: Path,
    small: Assignment,
    body: str,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    limit_to(reference_folder, "call_seconds = 0.3\nload_seconds = 60\nidle_seconds = 1\n")
    module = reference_folder / f"{small.slug}.py"
    hanging = f"\n\ndef regression_polynomial_second_order(x, y):\n{body}"
    module.write_text(module.read_text(encoding="utf-8") + hanging, encoding="utf-8")
    assert run_here(reference_folder, monkeypatch, "-k", "closed_form") == 1
    heard = capsys.readouterr().out
    assert f"`regression_polynomial_second_order` {said}" in heard
    assert "\n    while True:" in heard or "\n    time.sleep(600)" in heard
    assert "autograder/" not in heard and "Traceback" not in heard


def limit_to(folder: Path, limits: str) -> None:
    """Puts other limits into the folder's assignment.toml."""
    path = folder / "assignment.toml"
    before, _, after = path.read_text(encoding="utf-8").partition("[limits]\n")
    path.write_text(f"{before}[limits]\n{limits}\n{after[after.index('[[tasks]]') :]}", encoding="utf-8")
