"""Comparing a recorded training run with the reference's, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograder.errors import CheckFailure

if TYPE_CHECKING:
    from autograder.hygiene import Trace


def assert_same_run(trace: Trace, reference_trace: Trace, *, atol: float, rtol: float = 0.0, what: str = "") -> None:
    """Passes if the run has the losses, gradients and parameters of the reference's, at every step.

    Both are what ``submission.traced.f(...)`` and ``reference.traced.f(...)`` return. The failure names the first
    step at which they part and, where it can be told, why. What needs the reference's numbers is in ``reveal``.
    """
    from autograder.hygiene import first_divergence

    trace.expect_trusted()
    found = first_divergence(trace, reference_trace, atol=atol, rtol=rtol)
    if found is None:
        return
    title = f"`{what}`: " if what else ""
    reveal = "" if found.explained_by_own_run else title + found.sentence
    raise CheckFailure(title + found.safe, reveal=reveal)
