"""Which training steps of a run are recorded in detail."""

from __future__ import annotations

from dataclasses import dataclass

ENOUGH = 6
"""The shortest window in which every fault of the corpus that the first steps can show is found: graphs that pile up
need six steps, all others three or four."""


@dataclass(frozen=True)
class Window:
    """A choice of training steps, counted from 1. Losses are recorded at every step in any case."""

    length: int | None = None
    period: int | None = None

    @classmethod
    def full(cls) -> Window:
        """Every step."""
        return cls()

    @classmethod
    def first(cls, steps: int = ENOUGH) -> Window:
        """The first steps only: after them the recorder is really off."""
        if steps < 1:
            raise ValueError(f"A window needs at least one step, not {steps}.")
        return cls(length=steps)

    @classmethod
    def every(cls, period: int, steps: int = 3) -> Window:
        """``steps`` steps in a row, again and again, starting every ``period`` steps."""
        if not 1 <= steps <= period:
            raise ValueError(f"A window of {steps} steps does not fit into a period of {period}.")
        return cls(length=steps, period=period)

    def holds(self, step: int) -> bool:
        """Whether this step is recorded."""
        if self.length is None:
            return True
        if self.period is None:
            return step <= self.length
        return (step - 1) % self.period < self.length

    def final(self, step: int) -> bool:
        """Whether nothing from this step on is recorded."""
        return self.length is not None and self.period is None and step > self.length
