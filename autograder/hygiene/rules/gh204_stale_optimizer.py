"""Checks for optimizers that hold other tensors than the ones in use.

**Why is this bad?** An optimizer updates the tensors that it was given. If the model was copied, a layer was
replaced or the parameters were detached afterwards, ``step()`` changes nothing that matters, without any error.

**Use instead:** make the optimizer last, from the parameters that the loss is computed with.

**Severity:** error.

**Missed alarms:** replaced layers that are also trained in another way.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import torch

from autograder.hygiene.events import SOME_GRADIENT, Backward, OptimizerStep, Update
from autograder.hygiene.reporting import finding
from autograder.hygiene.wording import listed
from autograder.results import Diagnostic

if TYPE_CHECKING:
    from autograder.hygiene.trace import Trace

CODE = "GH204"
NAME = "stale-optimizer"
SEVERITY = "E"
SUPERSEDES = ("GH101", "GH102", "GH505")
OUTRANKS = ("GH205",)


def check(trace: Trace) -> Iterable[Diagnostic]:
    """One diagnostic per optimizer."""
    reached = {item.leaf for event in trace.of(Backward) for item in event.reached}
    steps = trace.of(OptimizerStep)
    held = {leaf for step in steps for leaf in step.leaves}
    moved = {event.leaf for event in trace.of(Update)}
    behind = {leaf for event in trace.of(Backward) for cut in event.cuts for leaf in cut.leaves}
    free = sorted(
        leaf for leaf in reached - held - moved if trace.leaves[leaf].requires_grad and not trace.leaves[leaf].read
    )
    for number in sorted({step.optimizer for step in steps}):
        mine = [step for step in steps if step.optimizer == number]
        leaves = sorted({leaf for step in mine for leaf in step.leaves})
        stale = [leaf for leaf in leaves if leaf not in reached and leaf not in behind]
        if any(SOME_GRADIENT in step.gradients for step in mine) and not (free and _alike(trace, stale, free)):
            continue
        if not stale or not free or (len(stale) < len(leaves) and not _alike(trace, stale, free)):
            continue
        names = sorted({trace.name(leaf) for leaf in free})
        verb = "is not one of them" if len(names) == 1 else "are not among them"
        message = (
            f"`step()` updates the tensors that the optimizer was given, but {listed(names)}, which the loss depends "
            f"on, {verb}. Make the optimizer from the parameters that are in use, after the last change of the model."
        )
        yield finding(trace, __name__, message, place=mine[0].place, step=mine[0].step, leaves=free)


def _alike(trace: Trace, stale: list[int], free: list[int]) -> bool:
    """Some tensor without gradients in the optimizer has a counterpart, outside of it, that has gradients."""
    kinds = {trace.leaves[leaf].module_parameter for leaf in stale}
    return bool(stale) and any(trace.leaves[leaf].module_parameter in kinds for leaf in free)


def bad() -> None:
    """The layer is replaced after the optimizer was made."""
    model = torch.nn.Sequential(torch.nn.Linear(2, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
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
