"""One whole report, and goldens that are rewritten only when UPDATE_GOLDENS is set."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from autograder.results import GradeReport

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def report() -> GradeReport:
    return msgspec.json.decode((GOLDEN / "report.json").read_bytes(), type=GradeReport)


@pytest.fixture
def agrees_with_golden() -> Callable[[str, str], None]:
    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if os.environ.get("UPDATE_GOLDENS"):
            path.write_text(text, encoding="utf-8", newline="\n")
        assert text == path.read_text(encoding="utf-8")

    return compare
