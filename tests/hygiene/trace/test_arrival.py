"""Data that is no trace is refused, and contradictions in one are found."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.errors import CheckFailure
from autograder.hygiene import Trace, TraceError, consistency_problems, record
from tests.hygiene.trainings import train

pytestmark = pytest.mark.filterwarnings("ignore")


def plain() -> dict[str, Any]:
    with record() as recording:
        train(2)
    return recording.plain()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("format", 99),
        ("events", "none"),
        ("events", [["Backward", 1]]),
        ("events", [["Clear", 1, [0, 3], 77, "None"]]),
        ("events", [["Clear", 1, [5, 3], 0, "None"]]),
        ("events", [["Explode", 1]]),
        ("losses", ["low"]),
        ("leaves", [["w" * 1000, []]]),
        ("files", 3),
    ],
)
def test_data_that_is_no_trace_is_refused(key: str, value: Any) -> None:
    with pytest.raises(TraceError):
        Trace.from_plain({**plain(), key: value})


def test_contradictions_are_found() -> None:
    data = plain()
    assert consistency_problems(Trace.from_plain(data)) == []
    assert consistency_problems(Trace.from_plain({**data, "losses": [7.0]}))
    with pytest.raises(CheckFailure, match="could not be trusted"):
        Trace.from_plain({**data, "losses": [7.0]}).expect_clean()
