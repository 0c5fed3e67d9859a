"""Checks for inputs and targets that require a gradient for no reason.

**Why is this bad?** Autograd then also computes the gradient with respect to the data, which costs time and memory and
is thrown away. It also hides mistakes: a loss that has lost its parameters still has a graph.

**Use instead:** data without ``requires_grad``. If the tensor is a parameter, the update has been forgotten.

**Severity:** warning.

**Missed alarms:** data whose ``.grad`` is read somewhere, or whose shape could be that of a parameter.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch

from autograder.hygiene.facts.finding import Finding
from autograder.hygiene.facts.gradient_life import trained
from autograder.hygiene.trace.events import Backward
from autograder.hygiene.trace.view import View
from autograder.hygiene.trace.wording import listed

SEVERITY = "W"
_STEPS = 3


def check(trace: View) -> Iterable[Finding]:
    """Leaves that are reached again and again and that nobody uses."""
    moved = trained(trace)
    chained = {leaf.successor_of for leaf in trace.leaves}
    functional = {item.leaf for event in trace.of(Backward) if event.functional for item in event.reached}
    passes: dict[str, list[tuple[Backward, int]]] = {}
    blessed: set[str] = set()
    for event in trace.of(Backward):
        for item in event.reached:
            leaf = trace.leaves[item.leaf]
            name = trace.name(item.leaf)
            handled = item.leaf in moved | chained | functional or leaf.successor_of >= 0
            if handled or leaf.read or leaf.module_parameter:
                blessed.add(name)
            else:
                passes.setdefault(name, []).append((event, item.leaf))
    if not moved:
        return
    sizes = {size for leaf in moved for size in trace.leaves[leaf].shape}
    found = {
        name: hits
        for name, hits in passes.items()
        if name not in blessed and any(_like_data(trace.leaves[leaf].shape, sizes) for _, leaf in hits)
    }
    found = {name: hits for name, hits in found.items() if len({event.step for event, _ in hits}) >= _STEPS}
    if found:
        names = sorted(found)
        event, _ = found[names[0]][0]
        leaves = [leaf for hits in found.values() for _, leaf in hits[:1]]
        verb, it = ("requires", "its") if len(names) == 1 else ("require", "their")
        message = (
            f"{listed(names)} {verb} a gradient, but {it} gradient is never used. For data, leave out `requires_grad`."
        )
        yield Finding(message, place=event.place, step=event.step, leaves=leaves)


def _like_data(shape: list[int], sizes: set[int]) -> bool:
    """Whether some side of it is that of no trained parameter: the number of rows, say.

    A tensor that fits the parameters is more likely one that was left out of the update.
    """
    return any(size > 1 and size not in sizes for size in shape)


def bad() -> None:
    """The data require a gradient."""
    x = torch.arange(4.0, requires_grad=True)
    w = torch.tensor(1.0, requires_grad=True)
    for _ in range(4):
        loss = (w * x - 2.0).square().mean()
        loss.backward()  # <- fault
        with torch.no_grad():
            w -= 0.05 * w.grad
        w.grad = None


def good() -> None:
    """Only the parameter does."""
    x = torch.arange(4.0)
    w = torch.tensor(1.0, requires_grad=True)
    for _ in range(4):
        loss = (w * x - 2.0).square().mean()
        loss.backward()
        with torch.no_grad():
            w -= 0.05 * w.grad
        w.grad = None
