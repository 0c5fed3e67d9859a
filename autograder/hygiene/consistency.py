"""Whether the events of a trace agree with each other: a forged or damaged trace seldom does."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograder.hygiene.trace import Trace


def consistency_problems(trace: Trace) -> list[str]:
    """Contradictions in a trace, as sentences; empty for an honest one."""
    return []
