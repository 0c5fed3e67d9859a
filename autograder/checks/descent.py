"""Gradient descent on the student's own function: what a walk is compared with where that function is wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch

from autograder.checks.wording import number, shape
from autograder.errors import CheckFailure

_STEP = 1e-3
_SLACK = 2e-3
"""The share of a step by which it may be off: differences stand for derivatives, and points are float32."""


def assert_descent(
    function: Callable[..., Any],
    points: Sequence[Sequence[float]],
    rate: float,
    *,
    losses: Sequence[float] = (),
    atol: float = 1e-4,
    name: str = "your function",
) -> None:
    """Passes if each point is the one before it minus ``rate`` times the gradient of ``function`` there.

    ``function`` takes one float64 tensor of shape (n,) for each coordinate and returns n values; it is asked for
    differences, never for derivatives, so a function of a submission will do. ``losses``: its values at the first
    points, within ``atol`` and a thousandth. Raises CheckFailure.
    """
    places = torch.tensor([list(point) for point in points], dtype=torch.float64)
    if len(places) < 2 or not bool(places.isfinite().all()):
        raise CheckFailure("The points of the walk should be finite numbers, two at least.")
    values = _values(function, places, name)
    for step, (loss, value) in enumerate(zip(losses, values.tolist()), start=1):
        if not abs(loss - value) <= atol + 1e-3 * abs(value):
            raise CheckFailure(
                f"The loss of step {step} is {number(loss)}, but {name} gives {number(value)} at its point."
            )
    before = places[:-1]
    expected = before - rate * _gradients(function, before, name)
    off = (places[1:] - expected).abs() > atol + _SLACK * (expected - before).abs()
    if bool(off.any()):
        step = int(off.any(dim=1).nonzero()[0])
        here, there = (", ".join(f"{value:.4f}" for value in places[index].tolist()) for index in (step, step + 1))
        raise CheckFailure(
            f"Step {step + 1} leads from ({here}) to ({there}): not by minus {rate:g} times the gradient of {name}."
        )


def _values(function: Callable[..., Any], places: torch.Tensor, name: str) -> torch.Tensor:
    found = function(*places.T)
    if not isinstance(found, torch.Tensor) or found.shape != places.shape[:1]:
        seen = f"a tensor of shape {shape(found)}" if isinstance(found, torch.Tensor) else "no tensor"
        raise CheckFailure(f"For {len(places)} points, {name} should give {len(places)} values; it gives {seen}.")
    return found.double()


def _gradients(function: Callable[..., Any], places: torch.Tensor, name: str) -> torch.Tensor:
    """The gradients at all places, by central differences; one call."""
    count, size = places.shape
    widths = _STEP * places.abs().clamp(min=1.0)
    axes = torch.eye(size, dtype=torch.float64)
    moved = [places + sign * axis * widths for axis in axes for sign in (1, -1)]
    values = _values(function, torch.cat(moved), name).reshape(size, 2, count)
    return ((values[:, 0] - values[:, 1]) / (2 * widths.T)).T
