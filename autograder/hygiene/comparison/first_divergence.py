"""The first step at which a recorded training run parts from the reference's, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograder.hygiene.comparison import gradients, histories, lengths, losses, parameters
from autograder.hygiene.comparison.alignment import Alignment
from autograder.hygiene.comparison.divergence import Divergence
from autograder.hygiene.comparison.explanation import explained
from autograder.hygiene.comparison.tolerance import Tolerance

if TYPE_CHECKING:
    from autograder.hygiene.verdict.trace import Trace


def first_divergence(trace: Trace, reference_trace: Trace, *, atol: float, rtol: float = 0.0) -> Divergence | None:
    """The first step at which the run parts from the reference's in loss, gradient or parameter; None if nowhere."""
    tolerance = Tolerance(atol, rtol)
    runs = Alignment(trace, reference_trace, tolerance)
    found = (
        _at_a_pass(runs)
        or losses.outside_window(trace, reference_trace, len(runs), tolerance)
        or lengths.at_end(trace, reference_trace)
        or histories.in_returned(trace.value, reference_trace.value, tolerance)
    )
    return None if found is None else explained(found, trace.diagnostics())


def _at_a_pass(runs: Alignment) -> Divergence | None:
    for index in range(len(runs)):
        found = parameters.at_start(runs) if index == 0 else None
        found = found or losses.at_pass(runs, index) or gradients.at_pass(runs, index)
        found = found or parameters.after_update(runs, index)
        if found is not None:
            return found
    return None
