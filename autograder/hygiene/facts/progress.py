"""Training that stops half way: passes whose gradients nothing uses, parameters that no pass reaches.

Neither is a fault in every program (a search for a step length, features that are frozen on purpose), so neither is a
rule. It is one where a task asks that every step moves every parameter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograder.hygiene.facts.moves import moves
from autograder.hygiene.trace.events import Backward, Leave, Update
from autograder.hygiene.trace.wording import listed

if TYPE_CHECKING:
    from autograder.hygiene.trace.view import View

_IDLE_PASSES = 2
_CUTS = ("detach", "data", "tensor(", "no_grad", "numpy", "item", "tolist")


def stalled(trace: View) -> str:
    """What is seen of a run whose last backward passes were followed by no update; "" where it updates to the end."""
    last, idle = None, 0
    for event in trace.events:
        if isinstance(event, Update) and event.how != "rebind":
            last, idle = event, 0
        elif isinstance(event, Backward) and not event.failed:
            idle += 1
    if last is None or idle < _IDLE_PASSES or not any(True for _ in moves(trace)):
        return ""
    steps = f"step {last.step}" if last.step > 1 else "the first step"
    return (
        f"The update{trace.at(last.place)} was made for the last time in {steps}; {idle} more backward passes "
        "followed, and no parameter changed any more. (An iterator such as `model.parameters()` gives its tensors only "
        "once: call it anew in each step, or make a list of it.)"
    )


def unreached(trace: View) -> str:
    """Which parameters of a model no backward pass reached, and the line that cuts them off; "" where all are."""
    passes = [event for event in trace.of(Backward) if not event.failed]
    reached = {item.leaf for event in passes for item in event.reached}
    for event in trace.of(Leave):
        lost = [leaf for leaf in event.leaves if leaf not in reached and trace.leaves[leaf].module_parameter]
        if passes and lost and event.graph and any(word in event.op for word in _CUTS):
            names = listed([trace.name(leaf) for leaf in lost])
            return (
                f"`{event.op}`{trace.at(event.place)} takes a part of the model out of the graph: no backward pass "
                f"reaches {names}, so training can never change {'it' if len(lost) == 1 else 'them'}."
            )
    return ""
