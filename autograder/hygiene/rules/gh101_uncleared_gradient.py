"""Checks for gradients that were used by an update and never cleared.

**Why is this bad?** ``backward()`` *adds* to ``.grad``. If the gradient of the previous step is still there, the
next update moves along the sum of both, not along the gradient of the current loss.

**Use instead:** clear after (or at the latest before) every update: ``w.grad = None``, ``w.grad.zero_()`` or
``optimizer.zero_grad()``. It does not matter where in the loop this stands, as long as it is not between
``backward()`` and the update. Accumulating several backward passes *before* one update is fine.

**Severity:** error.

**Missed alarms:** a gradient that was scaled or replaced on purpose between two steps counts as handled.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch

from autograder.hygiene.facts.finding import Finding
from autograder.hygiene.facts.gradient_life import Leftover, added, leftovers
from autograder.hygiene.trace.events import SOME_GRADIENT
from autograder.hygiene.trace.view import View
from autograder.hygiene.trace.wording import begun, grad, grads, numbers

SEVERITY = "E"


def check(trace: View) -> Iterable[Finding]:
    """One diagnostic for all leaves that the same line's backward passes found uncleared."""
    found, cleared = leftovers(trace)
    groups: dict[tuple[int, int], list[Leftover]] = {}
    for item in sorted(found, key=lambda item: item.backward.number):
        if not cleared.get(item.backward.number):
            groups.setdefault((item.backward.place.file, item.backward.place.line), []).append(item)
    for group in groups.values():
        yield describe(trace, group)


def describe(trace: View, group: list[Leftover], extra: str = "") -> Finding:
    """The diagnostic for leaves left over at one backward pass."""
    first = min(group, key=lambda item: (item.backward.number, trace.name(item.leaf)))
    names = sorted({trace.name(item.leaf) for item in group})
    name, step = trace.name(first.leaf), first.backward.step
    what = grad(name)
    message = (
        f"{begun(what)} still held {numbers(first.reached.previous)} from step {first.update.step} when `backward()` "
        f"of step {step} ran"
    )
    fresh = added(first.reached)
    if fresh is not None and first.reached.previous is not None:
        message += (
            f": the gradient there is {numbers(fresh)}, but {what} became {numbers(first.reached.gradient)}. "
            f"The difference, {numbers(first.reached.previous)}, is {_origin(first)}"
        )
    else:
        message += ", so the new gradient was added to the old one"
    if len(names) > 1:
        message += f" (the same holds for {grads([other for other in names if other != name])})"
    message += f".{extra} Clear {grads(names)} after the update{trace.at(first.update.place)}."
    return Finding(message, place=first.backward.place, step=step, leaves=[item.leaf for item in group])


def _origin(item: Leftover) -> str:
    """What the leftover is: the gradient of one earlier step, or what several passes had added up."""
    step = item.update.step
    for reached in item.previous.reached if item.previous is not None else ():
        if reached.leaf == item.leaf and reached.before != SOME_GRADIENT and reached.gradient == item.reached.previous:
            return f"exactly the gradient of step {step}"
    return f"what the backward passes of step {step} had left there"


def bad() -> None:
    """The gradient of step 1 is still there in step 2."""
    w = torch.tensor(1.0, requires_grad=True)
    for _ in range(3):
        loss = (w * 2.0 - 1.0) ** 2
        loss.backward()  # <- fault
        with torch.no_grad():
            w -= 0.1 * w.grad


def good() -> None:
    """Cleared after the update."""
    w = torch.tensor(1.0, requires_grad=True)
    for _ in range(3):
        loss = (w * 2.0 - 1.0) ** 2
        loss.backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
        w.grad = None


def bad_closure() -> None:
    """One ``step`` calls the closure many times, and nothing clears in between."""
    point = torch.tensor([-1.2, 1.0], requires_grad=True)
    optimizer = torch.optim.LBFGS([point], lr=0.1, max_iter=4)

    def closure() -> torch.Tensor:
        loss = (1.0 - point[0]) ** 2 + (point[1] - point[0] ** 2) ** 2
        loss.backward()  # <- fault
        return loss

    for _ in range(3):
        optimizer.step(closure)


def good_closure() -> None:
    """The closure itself clears."""
    point = torch.tensor([-1.2, 1.0], requires_grad=True)
    optimizer = torch.optim.LBFGS([point], lr=0.1, max_iter=4)

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss = (1.0 - point[0]) ** 2 + (point[1] - point[0] ** 2) ** 2
        loss.backward()
        return loss

    for _ in range(3):
        optimizer.step(closure)
