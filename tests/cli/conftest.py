"""The command line in the tests' own process."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

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
