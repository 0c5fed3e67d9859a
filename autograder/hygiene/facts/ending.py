"""How a run ended."""

from __future__ import annotations

from autograder.hygiene.trace.events import Fault
from autograder.hygiene.trace.view import View

_TELLING = 60
"""So many characters of its message tell one of PyTorch's errors from the others."""


def fatal(trace: View, *kinds: str) -> Fault | None:
    """The first fault of these kinds whose error ended the run: a program may also catch one and go on."""
    if trace.outcome is None:
        return None
    faults = (fault for fault in trace.of(Fault) if fault.kind in kinds)
    return next((fault for fault in faults if trace.outcome.message.startswith(fault.message[:_TELLING])), None)
