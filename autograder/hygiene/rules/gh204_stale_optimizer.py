"""Checks for optimizers that hold other tensors than the ones in use.

**Why is this bad?** An optimizer updates the tensors that it was given. If the model was copied, a layer was
replaced or the parameters were detached afterwards, ``step()`` changes nothing that matters, without any error.

**Use instead:** make the optimizer last, from the parameters that the loss is computed with.

**Severity:** error.

**Missed alarms:** replaced layers that are also trained in another way.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable

import torch

from autograder.hygiene.facts.finding import Finding
from autograder.hygiene.facts.gradient_life import fed
from autograder.hygiene.trace.events import SOME_GRADIENT, Backward, OptimizerStep, Update
from autograder.hygiene.trace.view import View
from autograder.hygiene.trace.wording import listed

SEVERITY = "E"
SUPERSEDES = ("GH101", "GH102", "GH105", "GH505")
OUTRANKS = ("GH205",)
_STEPS = 2


def check(trace: View) -> Iterable[Finding]:
    """One diagnostic per optimizer."""
    reached = {item.leaf for event in trace.of(Backward) for item in event.reached}
    steps = trace.of(OptimizerStep)
    held = {leaf for step in steps for leaf in step.leaves}
    moved = {event.leaf for event in trace.of(Update)}
    provided = fed(trace)
    behind = {leaf for event in trace.of(Backward) for cut in event.cuts for leaf in cut.leaves}
    free = sorted(
        leaf for leaf in reached - held - moved if trace.leaves[leaf].requires_grad and not trace.leaves[leaf].read
    )
    for number in sorted({step.optimizer for step in steps}):
        mine = [step for step in steps if step.optimizer == number]
        leaves = sorted({leaf for step in mine for leaf in step.leaves})
        stale = [leaf for leaf in leaves if leaf not in reached and leaf not in behind and leaf not in provided]
        replaced = _replaced(trace, number, held)
        if replaced:
            free = replaced
        elif any(SOME_GRADIENT in step.gradients for step in mine) and not (free and _alike(trace, stale, free)):
            continue
        elif not stale or not free or (len(stale) < len(leaves) and not _alike(trace, stale, free)):
            continue
        names = sorted({trace.name(leaf) for leaf in free})
        verb = "is not one of them" if len(names) == 1 else "are not among them"
        made = mine[0].made if trace.line(mine[0].made) is not None else mine[0].place
        message = (
            f"`step()`{trace.at(mine[0].place)} updates the tensors that the optimizer was given, but {listed(names)}, "
            f"which the loss depends on, {verb}. Make the optimizer from the parameters that are in use, after the "
            "last change of the model."
        )
        yield Finding(message, place=made, step=mine[0].step, leaves=free)


def _replaced(trace: View, number: int, held: set[int]) -> list[int]:
    """Leaves that took the place of the optimizer's own: two steps in a row, passes reached them and none of those."""
    since: set[int] = set()
    reached: set[int] = set()
    shapes = [leaf.shape for leaf in trace.leaves]
    missed = 0
    for event in trace.events:
        if isinstance(event, Backward):
            since.update(item.leaf for item in event.reached)
        elif isinstance(event, OptimizerStep) and event.optimizer == number and since:
            own = since.intersection(event.leaves)
            others = sorted(leaf for leaf in since - held if any(shapes[leaf] == shapes[mine] for mine in reached))
            missed = missed + 1 if others and not own else 0
            if missed == _STEPS:
                return others
            reached |= own
            since = set()
    return []


def _alike(trace: View, stale: list[int], free: list[int]) -> bool:
    """Some tensor without gradients in the optimizer has a counterpart, outside of it, that has gradients."""
    kinds = {trace.leaves[leaf].module_parameter for leaf in stale}
    return bool(stale) and any(trace.leaves[leaf].module_parameter in kinds for leaf in free)


def bad() -> None:
    """The layer is replaced after the optimizer was made."""
    model = torch.nn.Sequential(torch.nn.Linear(2, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)  # <- fault
    model[0] = torch.nn.Linear(2, 1)
    for _ in range(3):
        model.zero_grad()
        loss = model(torch.ones(4, 2)).square().mean()
        loss.backward()
        optimizer.step()


def good() -> None:
    """The optimizer is made last."""
    model = torch.nn.Sequential(torch.nn.Linear(2, 1))
    model[0] = torch.nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(3):
        model.zero_grad()
        loss = model(torch.ones(4, 2)).square().mean()
        loss.backward()
        optimizer.step()


def bad_copy() -> None:
    """A copy is trained, the optimizer holds the parameters of the original."""
    start = torch.nn.Linear(2, 1)
    optimizer = torch.optim.SGD(start.parameters(), lr=0.1)  # <- fault
    model = copy.deepcopy(start)
    for _ in range(3):
        model.zero_grad()
        loss = model(torch.ones(4, 2)).square().mean()
        loss.backward()
        optimizer.step()


def good_copy() -> None:
    """The optimizer is made from the copy."""
    start = torch.nn.Linear(2, 1)
    model = copy.deepcopy(start)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(3):
        model.zero_grad()
        loss = model(torch.ones(4, 2)).square().mean()
        loss.backward()
        optimizer.step()
