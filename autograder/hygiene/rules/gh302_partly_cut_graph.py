"""Checks for losses of which a part has no graph.

**Why is this bad?** The gradient is there, but it belongs to another loss: the part that went through ``item()``,
``float()``, numpy or ``no_grad`` changes the number that is printed, not the direction of the update.

**Use instead:** keep tensors in the whole formula. Where the gradient has to be stopped on purpose, say so with
``detach()``: that is never reported.

**Severity:** error.

**Missed alarms:** parts that are cut off by an explicit ``detach()``; numbers that are combined in other ways than by
sums and products.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch

from autograder.hygiene.facts.finding import Finding
from autograder.hygiene.facts.gradient_life import trained
from autograder.hygiene.trace.events import Added, Backward, Cut, Leave
from autograder.hygiene.trace.view import View
from autograder.hygiene.trace.wording import listed

SEVERITY = "E"
SUPERSEDES = ("GH501", "GH303", "GH603")
Line = tuple[int, int]


def check(trace: View) -> Iterable[Finding]:
    """Terms, factors and arrays without graph in a loss that has one."""
    wanted = trained(trace)
    seen: set[tuple[int, int]] = set()
    for event in trace.of(Backward):
        reached = {item.leaf for item in event.reached}
        for cut in event.cuts:
            key = (cut.place.file, cut.place.line)
            if cut.kind and key not in seen and wanted.intersection(cut.leaves) & reached:
                seen.add(key)
                yield _found(trace, cut, event, wanted)
    yield from _numbers(trace, seen, wanted)


def _found(trace: View, cut: Cut, event: Backward, wanted: set[int]) -> Finding:
    names = sorted({trace.name(leaf) for leaf in wanted.intersection(cut.leaves) or cut.leaves})
    what = {"term": "a term of the loss", "scale": "a factor in the loss", "array": "a part of the loss"}[cut.kind]
    advice = "Keep it a tensor with a graph."
    if cut.op == "autograd.grad()":
        advice = "Give `create_graph=True` to `autograd.grad()`."
    message = (
        f"`{cut.op}` takes {what} out of the graph. It still depends on {listed(names)}, but `backward()`"
        f"{trace.at(event.place)} treats it as a constant, so the gradient is wrong. {advice}"
    )
    return Finding(message, place=cut.place, step=event.step, leaves=cut.leaves)


def _numbers(trace: View, seen: set[tuple[int, int]], wanted: set[int]) -> Iterable[Finding]:
    """A number that is added to a loss and follows, from step to step, a number that ``item()`` took out of it."""
    added: dict[Line, dict[int, list[float]]] = {}
    for event in trace.of(Added):
        added.setdefault((event.place.file, event.place.line), {}).setdefault(event.step, []).append(event.value)
    taken: dict[Line, dict[int, list[Leave]]] = {}
    for left in trace.of(Leave):
        if left.value is not None and left.graph and not left.used:
            taken.setdefault((left.place.file, left.place.line), {}).setdefault(left.step, []).append(left)
    for values in added.values():
        for key, leaves in taken.items():
            steps = sorted(values.keys() & leaves.keys())
            if key in seen or len(steps) < 4:
                continue
            numbers = {step: [left.value or 0.0 for left in leaves[step]] for step in steps}
            # The last ones of each step, or all of them: the penalties of several parameters.
            last = [(numbers[step][-1], values[step][-1]) for step in steps]
            whole = [(sum(numbers[step]), sum(values[step])) for step in steps]
            if _affine(last) or _affine(whole):
                seen.add(key)
                left = leaves[steps[0]][0]
                yield _found(
                    trace, Cut(f"{left.op}()", left.place, left.leaves, "term"), _pass_of(trace, steps[0]), wanted
                )


def _pass_of(trace: View, step: int) -> Backward:
    passes = trace.of(Backward)
    return next((event for event in passes if event.step >= step), passes[-1])


def _affine(pairs: list[tuple[float, float]]) -> bool:
    (x0, y0), (x1, y1) = pairs[0], pairs[-1]
    if x0 == x1 or y0 == y1 or len({x for x, _ in pairs}) < len(pairs):
        return False
    slope = (y1 - y0) / (x1 - x0)
    return all(abs(y0 + slope * (x - x0) - y) <= 1e-5 * (abs(y) + abs(y1 - y0)) for x, y in pairs)


def bad() -> None:
    """The penalty is a number."""
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    for _ in range(6):
        loss = (w.sum() - 1.0) ** 2 + 0.1 * w.square().sum().item()  # <- fault
        loss.backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
        w.grad = None


def good() -> None:
    """The penalty is a tensor with a graph."""
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    for _ in range(6):
        loss = (w.sum() - 1.0) ** 2 + 0.1 * w.square().sum()
        loss.backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
        w.grad = None


def bad_unrecorded_penalty() -> None:
    """The penalty is computed where nothing is recorded."""
    model = torch.nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        with torch.no_grad():
            penalty = model.weight.square().sum()  # <- fault
        loss = model(torch.ones(4, 2)).square().mean() + 0.1 * penalty
        loss.backward()
        optimizer.step()


def good_unrecorded_penalty() -> None:
    """It is computed like the rest of the loss."""
    model = torch.nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        penalty = model.weight.square().sum()
        loss = model(torch.ones(4, 2)).square().mean() + 0.1 * penalty
        loss.backward()
        optimizer.step()
