"""Checks for gradients that are cleared between ``backward()`` and the update.

**Why is this bad?** The update then finds zeros, or no gradient at all: the parameters never move, or the program
stops with a ``TypeError`` about ``NoneType``.

**Use instead:** the order forward, ``backward()``, update, clear (or clear, forward, ``backward()``, update).

**Severity:** error.

**Missed alarms:** updates that use a copy of the gradient taken before the clear are fine and are not reported.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch

from autograder.hygiene.facts.finding import Finding
from autograder.hygiene.trace.events import (
    NO_GRADIENT,
    SOME_GRADIENT,
    ZERO_GRADIENT,
    Backward,
    Clear,
    Fault,
    Forward,
    Gap,
    OptimizerStep,
    Place,
    Update,
    Value,
)
from autograder.hygiene.trace.view import View
from autograder.hygiene.trace.wording import grads, numbers

SEVERITY = "E"
SUPERSEDES = ("GH205",)


def check(trace: View) -> Iterable[Finding]:
    """The first update that found its gradient cleared."""
    full: dict[int, tuple[Backward, Value | None]] = {}
    clears: dict[int, Clear] = {}
    for event in trace.events:
        if isinstance(event, Gap):
            full.clear()
        elif isinstance(event, Backward) and not event.functional:
            for reached in event.reached:
                if reached.after == SOME_GRADIENT:
                    full[reached.leaf] = (event, reached.gradient)
                    clears.pop(reached.leaf, None)
                else:  # what is not there any more was not cleared: the passes add up to zero
                    full.pop(reached.leaf, None)
        elif isinstance(event, Clear):
            clears[event.leaf] = event
        elif isinstance(event, OptimizerStep):
            waiting = [leaf for leaf in event.leaves if leaf in full]
            states = dict(zip(event.leaves, event.gradients))
            lost = [leaf for leaf in waiting if _cleared(states[leaf], leaf, clears)]
            if lost and len(lost) == len(waiting):
                if _too_early(trace, event, full[lost[0]][0]):
                    yield _before_backward(trace, event, full[lost[0]][0], lost)
                    return
                yield _found(trace, lost, full, clears, event.place, "optimizer.step()", event.step)
                return
            for leaf in waiting:
                full.pop(leaf)
        elif isinstance(event, Update) and event.how != "optimizer" and event.leaf in full:
            own = [use for use in event.uses if use[0] == event.leaf]
            fresh = any(use[1] >= full[event.leaf][0].number for use in own)
            gone = _cleared(event.gradient, event.leaf, clears)
            if gone and event.read and (fresh or not event.uses) and _unmoved(event, trace):
                yield _found(trace, [event.leaf], full, clears, event.place, "the update", event.step)
                return
            full.pop(event.leaf)
        elif isinstance(event, Fault) and event.kind == "none-gradient" and event.leaf in full:
            if event.cause is None and event.leaf in clears:
                yield _found(trace, [event.leaf], full, clears, event.place, "the update", event.step)
                return


def _cleared(state: int, leaf: int, clears: dict[int, Clear]) -> bool:
    """Whether a gradient is not there any more because it was cleared. (It may be zero because it was clipped.)"""
    return state == NO_GRADIENT or (state == ZERO_GRADIENT and leaf in clears)


def _unmoved(update: Update, trace: View) -> bool:
    for event in reversed(trace.events[: trace.events.index(update)]):
        if isinstance(event, (Backward,)):
            for reached in event.reached:
                if reached.leaf == update.leaf:
                    return update.value is None or reached.value.numbers == update.value.numbers
    return update.gradient == NO_GRADIENT


def _too_early(trace: View, step: OptimizerStep, before: Backward) -> bool:
    """Whether the pass of this step was still to come: its forward pass was made before the step, none after it."""
    at = next(index for index, event in enumerate(trace.events) if event is step)
    made = False
    for event in reversed(trace.events[:at]):
        if isinstance(event, Backward):
            break
        made = made or (isinstance(event, Forward) and event.used)
    for event in trace.events[at + 1 :]:
        if isinstance(event, Forward):
            return False
        if isinstance(event, Backward):
            return made and event.place == before.place
    return False


def _before_backward(trace: View, step: OptimizerStep, backward: Backward, lost: list[int]) -> Finding:
    names = [trace.name(leaf) for leaf in sorted(lost, key=trace.name)]
    message = (
        f"optimizer.step(){trace.at(step.place)} stands before `backward()`{trace.at(backward.place)}: it found "
        f"{grads(names)} cleared. Call `backward()` before `step()`."
    )
    return Finding(message, place=step.place, step=step.step, leaves=lost)


def _found(
    trace: View,
    lost: list[int],
    full: dict[int, tuple[Backward, Value | None]],
    clears: dict[int, Clear],
    used_at: Place,
    what: str,
    step: int,
) -> Finding:
    first = min(lost, key=trace.name)
    backward, gradient = full[first]
    clear = clears.get(first)
    place = clear.place if clear is not None and trace.line(clear.place) else used_at
    names = [trace.name(leaf) for leaf in sorted(lost, key=trace.name)]
    message = (
        f"`backward()`{trace.at(backward.place)} put {numbers(gradient)} into {grads(names[:1])}, but it was "
        f"cleared{trace.at(clear.place) if clear else ''} before {what}{trace.at(used_at)} could use it. "
        f"Clear {grads(names)} after the update, or before `backward()`."
    )
    return Finding(message, place=place, step=step, leaves=lost)


def bad() -> None:
    """The update uses zeros."""
    w = torch.tensor(1.0, requires_grad=True)
    for _ in range(3):
        loss = (w * 2.0 - 1.0) ** 2
        loss.backward()
        w.grad.zero_()  # <- fault
        with torch.no_grad():
            w -= 0.1 * w.grad


def good() -> None:
    """Clear, forward, backward, update."""
    w = torch.tensor(1.0, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        loss = (w * 2.0 - 1.0) ** 2
        loss.backward()
        optimizer.step()


def bad_optimizer() -> None:
    """``zero_grad`` stands between ``backward`` and ``step``."""
    model = torch.nn.Linear(2, 1)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
    for _ in range(3):
        loss = model(torch.ones(4, 2)).square().mean()
        loss.backward()
        optimizer.zero_grad()  # <- fault
        optimizer.step()


def good_optimizer() -> None:
    """It stands after ``step``."""
    model = torch.nn.Linear(2, 1)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
    for _ in range(3):
        loss = model(torch.ones(4, 2)).square().mean()
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
