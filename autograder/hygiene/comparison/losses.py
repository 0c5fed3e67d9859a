"""Where runs part in the loss of a backward pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograder.hygiene.comparison.alignment import Alignment
from autograder.hygiene.comparison.divergence import Divergence
from autograder.hygiene.comparison.ratios import factor
from autograder.hygiene.comparison.tolerance import Tolerance
from autograder.hygiene.trace.wording import number

if TYPE_CHECKING:
    from autograder.hygiene.trace.view import View


def at_pass(runs: Alignment, index: int) -> Divergence | None:
    """The loss of this pass, if it is another one at the same parameters."""
    got, expected = runs.got[index], runs.expected[index]
    if got.loss is None or expected.loss is None or runs.tolerance.near(got.loss, expected.loss):
        return None
    head = f"{runs.begun(index)}: your loss{runs.at(got.place)} is {number(got.loss)}"
    sentence = f"{head}, the reference's is {number(expected.loss)}, at the same parameters."
    relation = factor([got.loss], [expected.loss])
    summed, averaged = any("Sum" in name for name in got.roots[:2]), any("Mean" in n for n in expected.roots[:2])
    if relation:
        sentence = f"{head}, {relation} reference's, {number(expected.loss)}."
        if summed and averaged:
            sentence += " It is a sum where a mean was asked for."
    elif _ahead(runs, index):
        sentence += " It is the reference's loss of the next step: there is an update too many before it."
    return _parted(got.step, got.loss, expected.loss, head, sentence)


def _ahead(runs: Alignment, index: int) -> bool:
    losses = [item.loss for item in runs.got[index:]]
    later = [item.loss for item in runs.expected[index + 1 :]]
    together = list(zip(losses, later, strict=False))
    return len(together) > 1 and all(
        one is not None and other is not None and runs.tolerance.near(one, other) for one, other in together
    )


def outside_window(trace: View, reference: View, start: int, tolerance: Tolerance) -> Divergence | None:
    """The first other loss from pass ``start`` on: outside the recording window, where nothing but it is known."""
    for index, (got, expected) in enumerate(zip(trace.losses, reference.losses, strict=False)):
        if index >= start and not tolerance.near(got, expected):
            head = f"Step {index + 1}: your loss is {number(got)}"
            return _parted(index + 1, got, expected, head, f"{head}, the reference's is {number(expected)}.")
    return None


def _parted(step: int, got: float, expected: float, head: str, sentence: str) -> Divergence:
    safe = f"{head}, which is not right."
    return Divergence(step=step, got=got, expected=expected, sentence=sentence, quantity="loss", safe=safe)
