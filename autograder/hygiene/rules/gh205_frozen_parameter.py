"""Checks for parameters that are trained but never move.

**Why is this bad?** A parameter that no backward pass reaches, or whose gradient is exactly zero at every step, stays
where it began. It was left out of the formula, sits behind dead units, or is multiplied by zero.

**Use instead:** use it in the forward pass, or set ``requires_grad=False`` and leave it out of the optimizer if it is
frozen on purpose.

**Severity:** warning; sometimes the rest of the model is fine without it.

**Missed alarms:** parameters that are neither reached nor given to an optimizer; with an absolute error, fewer than
ten steps; modules that a step calls more than once, where gradients may cancel out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import torch

from autograder.hygiene.facts.finding import Finding
from autograder.hygiene.facts.gradient_life import trained
from autograder.hygiene.trace.events import (
    NO_GRADIENT,
    SOME_GRADIENT,
    ZERO_GRADIENT,
    Backward,
    Fault,
    Forward,
    OptimizerStep,
)
from autograder.hygiene.trace.view import View
from autograder.hygiene.trace.wording import grads, listed

SEVERITY = "W"
_STEPS = 3
_BALANCED_STEPS = 10
"""The slope of an absolute error is a mean of signs, which may be exactly zero for a while: as many above as below."""
_SIGNS = ("Abs", "L1Loss", "Sgn")


def check(trace: View) -> Iterable[Finding]:
    """Never reached, then always zero."""
    passes = [event for event in trace.of(Backward) if not event.failed]
    reached = {item.leaf for event in passes for item in event.reached}
    yield from _never_reached(trace, passes, reached)
    moving = {item.leaf for event in passes for item in event.reached if item.after == SOME_GRADIENT}
    counts: dict[int, int] = {}
    for event in passes:
        alive = any(item.after == SOME_GRADIENT for item in event.reached)
        if alive and event.loss is not None and event.loss.numbers[0] != 0:
            for item in event.reached:
                if item.after == ZERO_GRADIENT:
                    counts[item.leaf] = counts.get(item.leaf, 0) + 1
    wanted = trained(trace)
    signs = any(name.startswith(_SIGNS) for event in passes for name in event.roots)
    enough = _BALANCED_STEPS if signs else _STEPS
    still = sorted(leaf for leaf, count in counts.items() if count >= enough and leaf not in moving and leaf in wanted)
    if _called_twice(trace):  # a bias may cancel out: critic(fake).mean() - critic(real).mean()
        still = [leaf for leaf in still if not trace.leaves[leaf].module_parameter]
    if still:
        names = sorted({trace.name(leaf) for leaf in still})
        last = [event for event in passes if any(item.leaf in still for item in event.reached)][_STEPS - 1]
        verb = "was" if len(names) == 1 else "were"
        message = (
            f"{grads(names)} {verb} exactly zero at all {counts[still[0]]} recorded steps, so {listed(names)} never "
            "moves. Look for units that are always off (ReLU), rounding, or a factor of zero."
        ).replace("never moves", "never moves" if len(names) == 1 else "never move")
        yield Finding(message, place=last.place, step=last.step, leaves=still)


def _called_twice(trace: View) -> bool:
    calls = Counter((event.step, event.module) for event in trace.of(Forward) if event.graph and event.used)
    return any(count > 1 for count in calls.values())


def _never_reached(trace: View, passes: list[Backward], reached: set[int]) -> Iterable[Finding]:
    steps = trace.of(OptimizerStep)
    for fault in trace.of(Fault):
        if fault.kind == "none-gradient" and fault.leaf >= 0 and fault.cause is None and fault.leaf not in reached:
            if passes:
                yield _unreached(trace, [fault.leaf], passes[-1], "")
                return
    for number in sorted({step.optimizer for step in steps}):
        mine = [step for step in steps if step.optimizer == number]
        if len(mine) < _STEPS:
            continue
        states: dict[int, set[int]] = {}
        for step in mine:
            for leaf, state in zip(step.leaves, step.gradients):
                states.setdefault(leaf, set()).add(state)
        idle = sorted(
            leaf
            for leaf, found in states.items()
            if leaf not in reached and found == {NO_GRADIENT} and trace.leaves[leaf].requires_grad
        )
        if idle and len(idle) < len(states) and passes:
            yield _unreached(trace, idle, passes[-1], " It is given to the optimizer, but never used.")


def _unreached(trace: View, leaves: list[int], event: Backward, extra: str) -> Finding:
    names = sorted({trace.name(leaf) for leaf in leaves})
    if len(names) > 1:
        extra = extra.replace("It is", "They are")
    them = "it" if len(names) == 1 else "them"
    message = f"No backward pass reached {listed(names)}: the loss does not depend on {them}.{extra}"
    return Finding(message, place=event.place, step=event.step, leaves=leaves)


def bad() -> None:
    """``b`` is left out of the formula."""
    a, b = torch.tensor(1.0, requires_grad=True), torch.tensor(0.0, requires_grad=True)
    optimizer = torch.optim.SGD([a, b], lr=0.1)
    for _ in range(4):
        optimizer.zero_grad()
        loss = (a * 2.0 - 1.0) ** 2
        loss.backward()  # <- fault
        optimizer.step()


def good() -> None:
    """Frozen on purpose."""
    a, b = torch.tensor(1.0, requires_grad=True), torch.tensor(0.5, requires_grad=False)
    optimizer = torch.optim.SGD([a], lr=0.1)
    for _ in range(4):
        optimizer.zero_grad()
        loss = (a * 2.0 + b - 1.0) ** 2
        loss.backward()
        optimizer.step()


def bad_relu() -> None:
    """The unit is off from the start, and ReLU lets no gradient through."""
    w, v = torch.tensor(-1.0, requires_grad=True), torch.tensor(1.0, requires_grad=True)
    optimizer = torch.optim.SGD([w, v], lr=0.1)
    for _ in range(4):
        optimizer.zero_grad()
        hidden = torch.relu(w)
        loss = ((hidden + 1.0) * v - 2.0) ** 2
        loss.backward()  # <- fault
        optimizer.step()


def good_relu() -> None:
    """A slope on the other side, too."""
    w, v = torch.tensor(-1.0, requires_grad=True), torch.tensor(1.0, requires_grad=True)
    optimizer = torch.optim.SGD([w, v], lr=0.1)
    for _ in range(4):
        optimizer.zero_grad()
        hidden = torch.nn.functional.leaky_relu(w)
        loss = ((hidden + 1.0) * v - 2.0) ** 2
        loss.backward()
        optimizer.step()
