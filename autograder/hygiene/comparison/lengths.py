"""Where one run goes on and the other has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograder.hygiene.comparison.divergence import Divergence
from autograder.hygiene.comparison.passes import passes

if TYPE_CHECKING:
    from autograder.hygiene.trace.view import View


def at_end(trace: View, reference: View) -> Divergence | None:
    """The end of the shorter run, if the runs have another number of backward passes or updates."""
    counts = [("backward passes", len(trace.losses), len(reference.losses))]
    if not trace.truncated and len(passes(trace)) == len(trace.losses):
        counts.append(("updates", trace.steps, reference.steps))
    for what, got, expected in counts:
        if got != expected and (what != "updates" or reference.steps):
            count = abs(got - expected)
            one = what[:-2] if what.endswith("sses") else what[:-1]
            missing = f"{count} {one if count == 1 else what} {'short' if got < expected else 'too many'}"
            head = f"Your run makes {got} {what}"
            return Divergence(
                step=min(got, expected) + 1,
                got=got,
                expected=expected,
                sentence=f"{head}, the reference {expected}: {missing}.",
                quantity="steps",
                safe=f"{head}, which is not right.",
            )
    return None
