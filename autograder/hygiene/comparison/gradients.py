"""Where runs part in a gradient, at the same parameters and the same loss."""

from __future__ import annotations

from autograder.hygiene.comparison.alignment import Alignment
from autograder.hygiene.comparison.divergence import Divergence, plain
from autograder.hygiene.comparison.ratios import factor
from autograder.hygiene.comparison.uncleared import uncleared
from autograder.hygiene.trace.wording import numbers


def at_pass(runs: Alignment, index: int) -> Divergence | None:
    """The first parameter with another gradient after this pass, or with none where the reference has one."""
    differing = [item for item in runs.parameters(index) if not runs.same(item.got.gradient, item.expected.gradient)]
    if not differing:
        return _missing(runs, index)
    earlier = uncleared(runs, index, differing)
    if earlier is not None:
        return earlier
    item = differing[0]
    got, expected = item.got.gradient, item.expected.gradient
    assert got is not None and expected is not None
    head = f"{runs.begun(index)}: your {item.grad} is {numbers(got)}"
    sentence = f"{head}, the reference's is {numbers(expected)}, at the same parameters and the same loss."
    relation = factor(got.numbers, expected.numbers)
    if got.numbers and not any(got.numbers):
        sentence = f"{head}, the reference's is {numbers(expected)}: the loss does not reach {item.quoted}."
    elif relation:
        sentence = f"{head}, {relation} reference's, {numbers(expected)}, although the loss is the same."
    return Divergence(
        step=runs.got[index].step,
        parameter=item.name,
        got=plain(got),
        expected=plain(expected),
        sentence=sentence,
        quantity="gradient",
        safe=f"{head}, which is not right.",
    )


def _missing(runs: Alignment, index: int) -> Divergence | None:
    for item in runs.parameters(index):
        expected = item.expected.gradient
        if item.got.gradient is None and expected is not None:
            head = f"{runs.begun(index)}: your {item.grad} is None"
            return Divergence(
                step=runs.got[index].step,
                parameter=item.name,
                got=None,
                expected=plain(expected),
                sentence=f"{head}, the reference's is {numbers(expected)}.",
                quantity="gradient",
                safe=f"{head}, where it needs a value.",
            )
    return None
