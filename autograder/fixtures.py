"""The fixtures that checks are written with; :class:`autograder.plugin.CheckPlugin` says what stands behind them."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.bench import BENCH, FIGURE
from autograder.errors import AssignmentError
from autograder.results import Figure


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


class Picture:
    """Draws one picture into the check's result: what people would rather look at than read."""

    def __init__(self, item: pytest.Item) -> None:
        self._item = item

    def loss(self, title: str, *, log_scale: bool = True, **series: list[float]) -> None:
        """Curves over the iterations, one per keyword; its name becomes the label."""
        self._keep(Figure("loss", title, series, log_scale))

    def path(self, title: str, points: list[tuple[float, float]]) -> None:
        """A walk in the plane, from its first point to its last."""
        self._keep(Figure("path", title, {"x": [x for x, _ in points], "y": [y for _, y in points]}))

    def _keep(self, figure: Figure) -> None:
        self._item.stash[FIGURE] = figure


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Picture:
    """``picture.loss("Your loss", loss=losses)``: shown beside the check's feedback, passed or failed."""
    return Picture(request.node)
