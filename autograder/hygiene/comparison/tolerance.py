"""When two recorded numbers count as the same."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from autograder.hygiene.trace.events import Value

_OF_SUMS = 1e-6


class Tolerance(NamedTuple):
    """How far a number may be from the expected one: absolutely, and as a part of it."""

    atol: float
    rtol: float = 0.0

    def near(self, got: float, expected: float) -> bool:
        """Whether two numbers are the same; NaN is NaN, an infinity is itself."""
        if not math.isfinite(expected) or not math.isfinite(got):
            return got == expected or (math.isnan(got) and math.isnan(expected))
        return abs(got - expected) <= self.atol + self.rtol * abs(expected)

    def all_near(self, got: Sequence[float], expected: Sequence[float]) -> bool:
        """Whether as many numbers are the same, one by one."""
        return len(got) == len(expected) and all(map(self.near, got, expected))

    def agree(self, got: Value, expected: Value) -> bool:
        """Whether two recorded values are the same (of large ones: norm and sum)."""
        if got.numbers and expected.numbers:
            return self.all_near(got.numbers, expected.numbers)
        if got.shape != expected.shape:
            return math.prod(got.shape) == math.prod(expected.shape)
        count = math.sqrt(math.prod(got.shape))
        norms = Tolerance(self.atol * count + max(self.rtol, 1e-5) * expected.norm)
        return norms.near(got.norm, expected.norm) and Tolerance(norms.atol * count).near(
            got.checksum, expected.checksum
        )

    def of_sums(self) -> Tolerance:
        """The same for sums and differences of two such numbers."""
        return Tolerance(2 * self.atol, max(self.rtol, _OF_SUMS))
