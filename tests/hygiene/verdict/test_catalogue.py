"""What is said of a rule's file that lacks something."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from autograder.errors import GraderError
from autograder.hygiene.verdict import catalogue


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the catalogue looks for rules."""
    package = ModuleType("rules_of_this_test")
    package.__path__ = [str(tmp_path)]
    monkeypatch.setitem(sys.modules, package.__name__, package)
    monkeypatch.setattr(catalogue, "_package", package)
    monkeypatch.setattr(catalogue, "rules", catalogue.rules.__wrapped__)  # what it once found does not count here
    yield tmp_path
    for name in [name for name in sys.modules if name.startswith(f"{package.__name__}.")]:
        del sys.modules[name]


@pytest.mark.parametrize(
    ("line", "found"), [("", "no SEVERITY"), ('SEVERITY = "X"', "SEVERITY = 'X'"), ("SEVERITY = 1", "SEVERITY = 1")]
)
def test_a_rule_without_a_severity_is_named_with_its_file(folder: Path, line: str, found: str) -> None:
    path = folder / "gh999_nothing.py"
    path.write_text(f"{line}\ndef check(trace):\n    return ()\n", encoding="utf-8")
    with pytest.raises(GraderError) as caught:
        catalogue.rules()
    assert str(caught.value) == f'{path} has {found}; write SEVERITY = "E" (error), "W" (warning) or "S" (style).'
