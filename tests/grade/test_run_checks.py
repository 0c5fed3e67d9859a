"""The run of pytest around the checks of one submission: quick, and with everything that a check may ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from autograder.assignment import Assignment
from autograder.grade.judge import run_checks

if TYPE_CHECKING:
    from pathlib import Path

    from autograder.checking.plugin import CheckPlugin

FIXTURES = "caplog capfd capsys doctest_namespace monkeypatch record_property recwarn request tmp_path".split()

CONFIG = 'title = "A course"\nversion = "1"\nsummary = "One."\n[[tasks]]\nid = "1"\ntitle = "One"\npoints = 1\n'


class Listener:
    """Stands in for a submission's plugin: what the checks came to, and which plugins were there."""

    def __init__(self) -> None:
        self.stopped: list[str] = []
        self.outcomes: dict[str, str] = {}
        self.plugins: set[str] = set()

    def pytest_configure(self, config: pytest.Config) -> None:
        self.plugins = {name for name, plugin in config.pluginmanager.list_name_plugin() if plugin is not None}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.outcome != "passed":
            self.outcomes[report.nodeid.split("::")[-1]] = report.outcome


def ran(folder: Path, hidden: str) -> Listener:
    """What came of an assignment with these hidden checks."""
    given, kept = folder / "assignments" / "course", folder / "solutions" / "course"
    for one in (given, kept):
        one.mkdir(parents=True)
    (given / "assignment.toml").write_text(CONFIG)
    (given / "test_public.py").write_text("def test_nothing():\n    pass\n")
    (kept / "test_hidden.py").write_text(hidden)
    listener = Listener()
    plugin: CheckPlugin = listener  # type: ignore[assignment]
    run_checks(Assignment("course", given, kept), plugin)
    return listener


@pytest.mark.parametrize("name", FIXTURES)
def test_a_check_may_use_pytests_own_fixtures(tmp_path: Path, name: str) -> None:
    found = ran(tmp_path, f"def test_uses({name}):\n    assert {name} is not None\n")
    assert found.outcomes == {"test_nothing": "passed", "test_uses": "passed"}


def test_what_no_check_can_ask_for_is_not_there(tmp_path: Path) -> None:
    # `logging` has a handler put at every logger of torch, several times a check.
    assert not ran(tmp_path, "def test_one():\n    pass\n").plugins & {"logging", "logging-plugin", "pastebin"}


def test_log_records_can_be_asked_for(tmp_path: Path) -> None:
    check = "import logging\n\ndef test_said(caplog):\n    logging.warning('told')\n    assert 'told' in caplog.text\n"
    assert ran(tmp_path, check).outcomes["test_said"] == "passed"
