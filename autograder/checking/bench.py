"""What one run of the checks works on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pytest

from autograder.assignment import Assignment, untouched
from autograder.results import Figure


@dataclass(frozen=True)
class Bench:
    """The submission on the bench, and what it is measured against."""

    assignment: Assignment
    submission: Any
    """A :class:`autograder.bridge.proxy.SubmissionProxy`."""
    given: Any
    reference: Any = None
    """None where the solution is not at hand: in a student's folder."""
    source: str | None = None
    """The submission's text where its code has none: in a notebook, whose cells have run already."""

    @cached_property
    def untouched(self) -> frozenset[str]:
        """The functions of repair tasks that are still as they were handed out."""
        return untouched(self.assignment, self.submission.code.source if self.source is None else self.source)


BENCH = pytest.StashKey[Bench]()
"""Where a pytest run keeps its bench."""

FIGURE = pytest.StashKey[Figure]()
"""Where a check keeps the picture that it drew."""

NOTES = pytest.StashKey[list[str]]()
"""Where a check keeps what it has to say whether it passes or not."""
