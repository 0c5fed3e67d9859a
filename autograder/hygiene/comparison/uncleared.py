"""A gradient that parts from the reference's by exactly the gradients of earlier passes: it was never cleared."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.hygiene.comparison.alignment import Aligned, Alignment
from autograder.hygiene.comparison.divergence import Divergence, plain
from autograder.hygiene.trace.events import Value
from autograder.hygiene.trace.wording import listed, numbers


def uncleared(runs: Alignment, index: int, differing: Sequence[Aligned]) -> Divergence | None:
    """The first of these parameters whose gradient at this pass holds earlier ones, too; None if none does."""
    found = [(item, first) for item in differing if (first := _earlier(runs, index, item)) is not None]
    if not found:
        return None
    item, first = found[0]
    got, expected = item.got.gradient, item.expected.gradient
    assert got is not None and expected is not None
    # What the student's own backward pass added; it says nothing that the student could not print.
    fresh = _fresh(runs, index, item.name)
    there = Value(got.shape, fresh) if fresh is not None else expected
    own = fresh is not None and runs.tolerance.of_sums().agree(there, expected)
    head = f"{runs.begun(index)}: your {item.grad} is {numbers(got)}"
    excess = Value(got.shape, [one - other for one, other in zip(got.numbers, there.numbers, strict=True)])
    sentence = (
        f"{head}, the gradient there is {numbers(there)}. "
        f"The difference, {numbers(excess)}, {_origin(runs, index, first)}. {_remedy(runs, index, item)}"
    )
    if len(found) > 1:
        sentence += f" The same holds for {listed([f'{other.name}.grad' for other, _ in found[1:]])}."
    return Divergence(
        step=runs.got[index].step,
        parameter=item.name,
        got=plain(got),
        expected=plain(expected),
        sentence=sentence,
        code="GH101",
        quantity="gradient",
        safe=sentence if own else f"{head}, which is not right.",
    )


def _earlier(runs: Alignment, index: int, item: Aligned) -> int | None:
    """The first of the earlier passes whose own gradients, summed up to now, are the whole difference."""
    got, expected = item.got.gradient, item.expected.gradient
    if got is None or expected is None or not got.numbers or len(got.numbers) != len(expected.numbers):
        return None
    difference = [one - other for one, other in zip(got.numbers, expected.numbers, strict=True)]
    total = [0.0] * len(difference)
    for first in range(index - 1, -1, -1):
        fresh = _fresh(runs, first, item.name)
        if fresh is None or len(fresh) != len(total):
            return None
        total = [one + other for one, other in zip(total, fresh, strict=True)]
        if runs.tolerance.of_sums().all_near(difference, total):
            return first
    return None


def _fresh(runs: Alignment, index: int, name: str) -> list[float] | None:
    """What one pass alone added to ``.grad``, from the student's own run."""
    item = _named(runs, index, name)
    if item is None or item.got.gradient is None or not item.got.gradient.numbers:
        return None
    before, after = item.got.previous, item.got.gradient.numbers
    if before is None:
        return after
    if len(before.numbers) != len(after):
        return None
    return [end - start for end, start in zip(after, before.numbers, strict=True)]


def _named(runs: Alignment, index: int, name: str) -> Aligned | None:
    return next((item for item in runs.parameters(index) if item.name == name), None)


def _origin(runs: Alignment, index: int, first: int) -> str:
    if first == index - 1:
        return f"is exactly the gradient of {runs.label(first)}: it was never cleared"
    return f"is exactly the sum of the gradients since {runs.label(first)}: they were never cleared"


def _remedy(runs: Alignment, index: int, item: Aligned) -> str:
    before = _named(runs, index - 1, item.name)
    if before is not None and before.got.updated and before.got.place is not None:
        return f"Clear {item.grad} after the update{runs.at(before.got.place)}."
    return f"Clear {item.grad} before the next `backward()`{runs.at(runs.got[index].place)}."
