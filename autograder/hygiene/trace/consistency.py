"""Whether the events of a trace agree with each other: a forged or damaged trace seldom does."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from autograder.hygiene.trace.events import NO_GRADIENT, SOME_GRADIENT, Backward, Reached, Update, Value
from autograder.hygiene.trace.wording import number

if TYPE_CHECKING:
    from autograder.hygiene.trace.view import View

_MOST_PROBLEMS = 5


def consistency_problems(trace: View) -> list[str]:
    """Contradictions in a trace, as sentences; empty for an honest one.

    Only what the recorder can never write is a contradiction, so an honest run cannot be accused: the numbers of a
    value fit its shape, the states of a gradient fit its numbers, updates use gradients of passes that have run, and
    the losses of the passes are those of the loss curve, in the same order.
    """
    problems: list[str] = []
    passes: set[int] = set()
    losses = iter(trace.losses)
    for event in trace.events:
        if isinstance(event, Backward):
            passes.add(event.number)
            if event.loss is not None and event.loss.numbers:
                value = event.loss.numbers[0]
                if not any(_equal(value, candidate) for candidate in losses):
                    problems.append(f"the loss {number(value)} of step {event.step} is not in the loss curve")
            for reached in event.reached:
                subject = f"step {event.step}: `{trace.name(reached.leaf)}`"
                problems += [f"{subject} {text}" for text in _reached(trace, reached)]
        elif isinstance(event, Update):
            if any(use[1] > max(passes, default=0) for use in event.uses):
                problems.append(f"the update of step {event.step} uses a gradient that does not exist yet")
            if event.value is not None and event.value.shape != list(trace.leaves[event.leaf].shape):
                problems.append(f"the update of step {event.step} changes the shape of `{trace.name(event.leaf)}`")
    return list(dict.fromkeys(problems))[:_MOST_PROBLEMS]


def _reached(trace: View, reached: Reached) -> list[str]:
    found = []
    for value in (reached.value, reached.previous, reached.gradient):
        if value is not None and value.numbers and len(value.numbers) != math.prod(value.shape):
            found.append("has another number of entries than its shape says")
    if reached.before == NO_GRADIENT and reached.previous is not None:
        found.append("had no gradient before the pass, but one is recorded")
    if reached.gradient is not None and reached.gradient.numbers:
        some = any(entry != 0 for entry in reached.gradient.numbers)
        if some != (reached.after == SOME_GRADIENT):
            found.append("has a gradient that contradicts its recorded state")
    if reached.gradient is not None and reached.gradient.shape != _shape(trace, reached):
        found.append("has a gradient of another shape")
    return found


def _shape(trace: View, reached: Reached) -> list[int]:
    value: Value = reached.value
    return value.shape if value.numbers else list(trace.leaves[reached.leaf].shape)


def _equal(one: float, other: float) -> bool:
    return one == other or (math.isnan(one) and math.isnan(other))
