"""Where runs part in a parameter: at the start, or after an update."""

from __future__ import annotations

from autograder.hygiene.comparison.alignment import Aligned, Alignment
from autograder.hygiene.comparison.divergence import Divergence, plain
from autograder.hygiene.comparison.ratios import compared_rates, opposite, rate, times
from autograder.hygiene.trace.events import Value
from autograder.hygiene.trace.wording import numbers


def at_start(runs: Alignment) -> Divergence | None:
    """The first parameter that does not start where the reference's does."""
    for item in runs.parameters(0):
        got, expected = item.got.value, item.expected.value
        if not runs.same(got, expected):
            head = f"Your run starts from {item.name} = {numbers(got)}"
            sentence = f"{head}, the reference from {numbers(expected)}."
            return _parted(runs, 0, item.name, got, expected, f"{head}, which is not right.", sentence)
    return None


def after_update(runs: Alignment, index: int) -> Divergence | None:
    """The first parameter that this pass's updates move to another value."""
    for item in runs.parameters(index):
        got, expected = item.got.after, item.expected.after
        if not runs.same(got, expected):
            safe, sentence = _sentences(runs, index, item)
            return _parted(runs, index, item.name, got, expected, safe, sentence)
    return None


def _sentences(runs: Alignment, index: int, item: Aligned) -> tuple[str, str]:
    """The explanation from the student's own numbers, and the whole one."""
    label, after = runs.begun(index), numbers(item.got.after)
    head = f"{label}: {item.quoted} is {after} after your update{runs.at(item.got.place)}"
    ours, theirs = rate(item.got), rate(item.expected)
    if ours is None or theirs is None:
        reference = f"{numbers(item.expected.after)} in the reference, from the same gradient."
        return f"{head}, which is not right.", f"{head}, and {reference}"
    moved = f"{head}: it moved by {times(ours)} its gradient"
    if ours == 0:
        own = f"{label}: {item.quoted} stays at {after}; it is not updated."
    elif opposite(ours, theirs):
        own = f"{moved}, uphill: the update has the wrong sign. Subtract the gradient."
    else:
        whole = f"{moved}, the reference by {times(theirs)} it: {compared_rates(ours, theirs)}."
        return f"{moved}, which is not right.", whole
    return own, own


def _parted(
    runs: Alignment, index: int, name: str, got: Value | None, expected: Value | None, safe: str, sentence: str
) -> Divergence:
    return Divergence(
        step=runs.got[index].step,
        parameter=name,
        got=plain(got),
        expected=plain(expected),
        sentence=sentence,
        quantity="parameter",
        safe=safe,
    )
