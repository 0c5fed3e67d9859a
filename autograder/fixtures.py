"""The fixtures that checks are written with; :class:`autograder.plugin.CheckPlugin` says what stands behind them."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.bench import BENCH
from autograder.errors import AssignmentError


@pytest.fixture(scope="session")
def submission(request: pytest.FixtureRequest) -> Any:
    """The student's module; calls run where the grader runs student code."""
    return request.config.stash[BENCH].submission


@pytest.fixture(scope="session")
def given(request: pytest.FixtureRequest) -> Any:
    """The stub's given functions, trusted."""
    return request.config.stash[BENCH].given


@pytest.fixture(scope="session")
def reference(request: pytest.FixtureRequest) -> Any:
    """The reference solution, trusted; hidden checks only."""
    module = request.config.stash[BENCH].reference
    if module is None:
        raise AssignmentError("A public check uses the reference solution; students do not have it.")
    return module
