"""Where two runs part, as the student is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from autograder.hygiene.trace.events import Value
from autograder.results import Diagnostic


@dataclass(frozen=True, kw_only=True)
class Divergence:
    """Where two runs part: the step, both values, and one or two sentences for the student."""

    step: int
    parameter: str | None = None
    got: Any
    expected: Any
    """A float, a list of floats, or None where only the norm of a large tensor is known."""
    sentence: str
    """The whole explanation; it may name the reference's values."""
    code: str | None = None
    """The rule that explains the difference, if one does."""
    diagnostics: tuple[Diagnostic, ...] = ()
    quantity: str
    """``parameter``, ``gradient``, ``loss``, or ``steps`` where one run is longer than the other."""
    safe: str
    """The explanation from the student's own numbers alone, for hidden checks."""

    @property
    def explained_by_own_run(self) -> bool:
        """Whether the whole sentence needs nothing but the student's own numbers."""
        return self.safe == self.sentence


def plain(value: Value | None) -> Any:
    """A float, a list of floats, or None where the numbers were not recorded."""
    if value is None or not value.numbers:
        return None
    return value.numbers[0] if not value.shape else list(value.numbers)
