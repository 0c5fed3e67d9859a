"""What a rule has found in a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass

from autograder.hygiene.trace.events import Place


@dataclass(frozen=True)
class Finding:
    """One fault of one run: what to tell the student, and where its cause stands."""

    message: str
    _: KW_ONLY
    place: Place | None = None
    step: int | None = None
    leaves: Sequence[int] = ()
    """The parameters that it is about; a negative number stands for one that nobody knows."""
    severity: str | None = None
    """Only where it is another one than the rule's."""
