"""The fixtures that checks are written with; :mod:`autograder.checking.plugin` says what stands behind them."""

from __future__ import annotations

import math
from collections.abc import Callable
from numbers import Complex, Real
from typing import Any

import numpy
import pytest
import torch

from autograder.checking.bench import BENCH, FIGURE, NOTES
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
    """Draws one picture into the check's result: what people would rather look at than read.

    What is drawn may come from a submission, and a picture decides nothing: what holds anything but numbers is left
    out. Numbers of every kind (of NumPy, tensors with one entry) are taken as such.
    """

    def __init__(self, item: pytest.Item) -> None:
        self._item = item

    def loss(self, title: str, *, log_scale: bool = True, **series: list[float]) -> None:
        """Curves over the iterations, one per keyword; its name becomes the label."""
        rows = {
            name: _entries(values, f"picture.loss draws lists of numbers: {name}=") for name, values in series.items()
        }
        drawn = {_text(name): numbers for name, row in rows.items() if (numbers := _numbers(row)) is not None}
        if drawn or not series:
            self._keep(Figure("loss", _title(title), drawn, bool(log_scale)))

    def path(self, title: str, points: list[tuple[float, float]]) -> None:
        """A walk in the plane, from its first point to its last."""
        pairs = [_pair(point) for point in _entries(points, "picture.path draws a list of pairs (x, y): points=") or ()]
        walk = [pair for pair in pairs if pair is not None]
        if len(walk) == len(pairs) and walk:
            self._keep(Figure("path", _title(title), {"x": [x for x, _ in walk], "y": [y for _, y in walk]}))

    def _keep(self, figure: Figure) -> None:
        self._item.stash[FIGURE] = figure


def _title(given: object) -> str:
    if not isinstance(given, str):
        raise AssignmentError(f"The title of a picture is a text, not {_shown(given)}.")
    return _text(given)


def _text(given: str) -> str:
    """The text without what no report can hold: halves of characters."""
    return given.encode("utf-8", "replace").decode("utf-8")


def _entries(values: object, wanted: str) -> list[object] | None:
    """The entries of a list or an array; None for what somebody may have meant as none.

    A TypeError for what has no entries, or is a text: if it is not what the submission returned, it is the check's.
    """
    if isinstance(values, (str, bytes, bytearray, dict, set, frozenset, Complex)):
        raise TypeError(f"{wanted} is {_shown(values)}")
    if isinstance(values, (torch.Tensor, numpy.ndarray)):
        try:
            values = values.tolist()
        except (TypeError, RuntimeError):  # a sparse one, or one without data
            return None
    return list(values) if isinstance(values, (list, tuple)) else None


def _numbers(row: list[object] | None) -> list[float] | None:
    numbers = [_number(entry) for entry in row or ()]
    known = [number for number in numbers if number is not None]
    return known if row is not None and len(known) == len(numbers) else None


def _pair(point: object) -> tuple[float, float] | None:
    try:
        numbers = _numbers(_entries(point, ""))
    except TypeError:
        return None
    return (numbers[0], numbers[1]) if numbers is not None and len(numbers) == 2 else None


def _number(entry: Any) -> float | None:
    if isinstance(entry, (str, bytes, bytearray)) or (isinstance(entry, Complex) and not isinstance(entry, Real)):
        return None
    try:
        return float(entry.detach() if isinstance(entry, torch.Tensor) else entry)
    except OverflowError:  # an integer that is larger than any float
        return math.inf if entry > 0 else -math.inf
    except (TypeError, ValueError, RuntimeError):  # torch refuses tensors of several entries with the last one
        return None


def _shown(value: object) -> str:
    text = repr(value)
    return f"{text if len(text) <= 40 else text[:39] + '…'} ({type(value).__name__})"


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Picture:
    """``picture.loss("Your loss", loss=losses)``: shown beside the check's feedback, passed or failed."""
    return Picture(request.node)


@pytest.fixture
def note(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """``note("This check went on with your own f().")``: said below the check's feedback, passed or failed."""

    def keep(text: str) -> None:
        notes = request.node.stash.setdefault(NOTES, [])
        if text not in notes:
            notes.append(text)

    return keep
